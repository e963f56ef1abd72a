// The messages of the open place.

import { press } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { el, focusBack, focusIn, icon, settle } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, kindInWords } from "./people.js";
import { messageMenu } from "./shortcuts.js";
import { store } from "./store.js";
import { clockTime, dayName, fullDate, longDay, sameDay, tsToMs } from "./time.js";

const PAGE = 80;
const TOGETHER = 5 * 60_000;

function act(message, channel) {
  const at = { channel, ts: message.ts };
  return ({ action_id }, { block_id }, choice) =>
    press(store.as, { ...at, block_id, action_id, ...choice });
}

function body(message, channel) {
  const edited = message.edited && el("span", { class: "edited" }, " (edited)");
  if (!message.blocks?.length)
    return el("div", { class: "text" }, mrkdwn(message.text ?? ""), edited);
  const blocks = renderBlocks(message.blocks, { act: act(message, channel) });
  const last = blocks.at(-1);
  if (edited) (last.querySelector(":scope > .text:last-child") ?? last).append(edited);
  return blocks;
}

function sender(message) {
  return store.person(message.sender?.id) ?? { ...message.sender, real_name: message.sender?.name };
}

function note(message, channel) {
  if (!message.ephemeral) return null;
  const dismiss = () => store.drop(channel, message.ts);
  return el(
    "p",
    { class: "only-you" },
    icon("eye"),
    "Only visible to you",
    el("button", { type: "button", class: "quiet", onclick: dismiss }, "Dismiss"),
  );
}

function when(message, tz) {
  const ms = tsToMs(message.ts);
  return el(
    "time",
    { class: "when", datetime: new Date(ms).toISOString(), title: fullDate(ms, tz) },
    clockTime(ms, tz),
  );
}

function badge(person) {
  if (person.kind === "bot" || person.kind === "slackbot")
    return el("span", { class: "tag" }, "APP");
  const words = person.kind === "external" || person.kind === "guest" ? kindInWords(person) : "";
  return words ? el("span", { class: "tag tag-quiet" }, words) : null;
}

function messageNode(message, { channel, follows, tz }) {
  const person = sender(message);
  const head = el(
    "div",
    { class: "message-head" },
    el("strong", { class: "sender" }, person.real_name || person.name),
    badge(person),
    when(message, tz),
  );
  const className = [
    "message",
    follows ? "message-follows" : "",
    message.ephemeral ? "message-ephemeral" : "",
  ]
    .join(" ")
    .trim();
  const main = el(
    "div",
    { class: "message-main" },
    note(message, channel),
    head,
    body(message, channel),
  );
  const menu = messageMenu(message, channel, () => main);
  return el("li", { class: className, "data-ts": message.ts }, avatar(person), main, menu);
}

function follows(message, before, tz) {
  if (!before || message.ephemeral || before.ephemeral) return false;
  const [a, b] = [tsToMs(before.ts), tsToMs(message.ts)];
  return before.sender?.id === message.sender?.id && b - a < TOGETHER && sameDay(a, b, tz);
}

function empty() {
  const channel = store.channel(store.channelId);
  const words = channel
    ? `This is the beginning of ${store.nameOf(channel)}.`
    : "Messages that the app sends only to you arrive here.";
  return el("li", { class: "empty" }, words);
}

export class Messages {
  #nodes = new Map();
  #limit = PAGE;
  #drawn = null;
  #stays = true;

  constructor(host) {
    this.host = host;
    this.list = el("ol", { class: "messages" });
    // A log is read aloud as it grows, but not when it is opened.
    this.log = el("div", { role: "log", class: "log" });
    this.latest = el(
      "button",
      { type: "button", class: "latest", hidden: true, onclick: () => this.#bottom() },
      "New messages",
      icon("down"),
    );
    host.addEventListener("scroll", () => this.#scrolled());
    // Who sends something wants to see what becomes of it.
    store.on("sent", () => this.#bottom());
    // A picture that arrives late, or a keyboard that opens, must not hide the newest message.
    const grown = new ResizeObserver(() => this.#stays && this.#bottom());
    grown.observe(this.list);
    grown.observe(host);
  }

  /** Draw the open place; what did not change keeps its nodes, its focus and its place. */
  draw() {
    const channel = store.channelId;
    const place = `${store.as} ${channel}`;
    const moved = place !== this.#drawn || !this.list.isConnected;
    if (moved) this.#arrive(place);
    const was = focusIn(this.list);
    const newest = this.list.lastElementChild?.dataset.ts;
    settle(this.list, this.#rows(store.messages.get(channel) ?? null, channel));
    if (!this.list.contains(document.activeElement)) focusBack(this.list, was);
    if (moved) this.host.replaceChildren(this.log, this.latest);
    if (this.#stays) this.#bottom();
    else if (this.list.lastElementChild?.dataset.ts !== newest) this.latest.hidden = false;
  }

  #arrive(place) {
    if (place !== this.#drawn) this.#limit = PAGE;
    this.#drawn = place;
    this.#nodes.clear();
    this.#stays = true;
    this.latest.hidden = true;
    this.log.remove();
    this.log = el("div", { role: "log", class: "log", "aria-label": "Messages" }, this.list);
  }

  #rows(messages, channel) {
    if (messages === null)
      return [this.#kept("fetching", () => el("li", { class: "empty" }, "Fetching the messages…"))];
    if (!messages.length) return [this.#kept("empty", empty)];
    const shown = messages.slice(-this.#limit);
    const rows = shown.flatMap((message, i) => this.#row(message, shown[i - 1], channel));
    if (shown.length < messages.length) rows.unshift(this.#kept("earlier", () => this.#earlier()));
    return rows;
  }

  #earlier() {
    const more = () => {
      const from = this.host.scrollHeight - this.host.scrollTop;
      this.#limit += PAGE;
      this.draw();
      this.host.scrollTop = this.host.scrollHeight - from;
    };
    return el(
      "li",
      { class: "empty" },
      el("button", { type: "button", class: "button", onclick: more }, "Show earlier messages"),
    );
  }

  #row(message, before, channel) {
    const tz = store.tz();
    const ms = tsToMs(message.ts);
    const newDay = !before || !sameDay(tsToMs(before.ts), ms, tz);
    const together = follows(message, before, tz);
    const offered = store.shortcuts("message").length > 0;
    const version = JSON.stringify([message, together, tz, offered]);
    const node = this.#kept(
      message.ts,
      () => messageNode(message, { channel, follows: together, tz }),
      version,
    );
    return newDay ? [this.#day(ms, tz), node] : [node];
  }

  #day(ms, tz) {
    const name = dayName(ms, store.now(), tz);
    return this.#kept(
      `day ${longDay(ms, tz)}`,
      () => el("li", { class: "day" }, el("span", {}, name)),
      name,
    );
  }

  // The row drawn before under this key, unless it would look different now.
  #kept(key, make, version = key) {
    const known = this.#nodes.get(key);
    if (known?.version === version) return known.node;
    const node = make();
    this.#nodes.set(key, { version, node });
    return node;
  }

  #atBottom() {
    return this.host.scrollHeight - this.host.scrollTop - this.host.clientHeight < 80;
  }

  #scrolled() {
    if (!this.list.isConnected) return;
    this.#stays = this.#atBottom();
    if (this.#stays) this.latest.hidden = true;
  }

  #bottom() {
    this.#stays = true;
    this.host.scrollTop = this.host.scrollHeight;
    this.latest.hidden = true;
  }
}
