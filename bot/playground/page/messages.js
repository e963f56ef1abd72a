// The messages of the open place.

import { el, focusBack, focusIn, icon, settle } from "./dom.js";
import { messageNode } from "./message.js";
import { offered } from "./shortcuts.js";
import { store } from "./store.js";
import { dayName, longDay, sameDay, tsToMs } from "./time.js";

const PAGE = 80;
const TOGETHER = 5 * 60_000;
const AROUND = 20;
const GONE = "That message is gone. It stood here.";

function follows(message, before, tz) {
  if (!before || message.ephemeral || before.ephemeral) return false;
  if (message.thread_ts !== before.thread_ts) return false;
  const [a, b] = [tsToMs(before.ts), tsToMs(message.ts)];
  return before.sender?.id === message.sender?.id && b - a < TOGETHER && sameDay(a, b, tz);
}

// What is shown to the whole channel as well stands there, and not in its thread alone.
const isReply = ({ thread_ts, subtype }) => Boolean(thread_ts) && subtype !== "thread_broadcast";

// A thread has no place of its own here: its replies stand below what they answer.
function inThreads(messages) {
  const there = new Set(messages.map(({ ts }) => ts));
  const root = (message) =>
    isReply(message) && there.has(message.thread_ts) ? message.thread_ts : message.ts;
  const keyed = messages.map((message) => [Number(root(message)), message]);
  return keyed.sort(([a], [b]) => a - b).map(([, message]) => message);
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
  #marked = null;

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
    settle(this.list, this.#rows(this.#messages(channel), channel));
    if (!this.list.contains(document.activeElement)) focusBack(this.list, was);
    if (moved) this.host.replaceChildren(this.log, this.latest);
    if (this.#point(channel)) return;
    if (this.#stays) this.#bottom();
    else if (this.list.lastElementChild?.dataset.ts !== newest) this.latest.hidden = false;
  }

  #arrive(place) {
    if (place !== this.#drawn) this.#limit = PAGE;
    this.#drawn = place;
    this.#nodes.clear();
    this.#stays = true;
    this.#marked = null;
    this.latest.hidden = true;
    this.log.remove();
    this.log = el("div", { role: "log", class: "log", "aria-label": "Messages" }, this.list);
  }

  // Go to the message that a link led to, once the place's messages are here, and mark it.
  #point(channel) {
    const messages = this.#messages(channel);
    const ts = messages ? store.takeTarget() : null;
    if (!ts) return false;
    const at = messages.findIndex((message) => message.ts === ts);
    this.#marked = at < 0 ? null : ts;
    if (at < 0) return (store.tell("lost", GONE), false);
    this.#limit = Math.max(this.#limit, messages.length - at + AROUND);
    this.#stays = false;
    settle(this.list, this.#rows(messages, channel));
    const node = this.#nodes.get(ts).node;
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "center" });
    return true;
  }

  #messages(channel) {
    const messages = store.messages.get(channel);
    return messages ? inThreads(messages) : null;
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
    const reply = isReply(message);
    const newDay = !before || (!reply && !sameDay(tsToMs(before.ts), ms, tz));
    const together = follows(message, before, tz);
    const menu = offered("message").length > 0;
    const marked = message.ts === this.#marked;
    const version = JSON.stringify([message, together, tz, menu, marked]);
    const node = this.#kept(
      message.ts,
      () => messageNode(message, { channel, follows: together, reply, tz, marked }),
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
    if (!this.list.isConnected) return; // Home is shown in the same place
    this.#stays = true;
    this.host.scrollTop = this.host.scrollHeight;
    this.latest.hidden = true;
  }
}
