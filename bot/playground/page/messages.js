// The messages of the open place.

import { api } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { el, focusByKey, focusKey, icon } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, kindInWords } from "./people.js";
import { store } from "./store.js";
import { clockTime, dayName, fullDate, sameDay, tsToMs } from "./time.js";

const PAGE = 80;
const TOGETHER = 5 * 60_000;

function act(message, channel) {
  return async (part, block, { value, option }) => {
    const where = { channel, ts: message.ts, block_id: block?.block_id ?? part.block_id, action_id: part.action_id };
    const answer = await api
      .click(store.as, { ...where, value, option: option?.value })
      .catch(() => ({ ok: false, error: "The workspace did not answer. Nothing was sent." }));
    return answer.ok ? null : (answer.error ?? "That did not work. Try again?");
  };
}

function body(message, channel) {
  if (!message.blocks?.length) return el("div", { class: "text" }, mrkdwn(message.text ?? ""));
  return renderBlocks(message.blocks, { act: act(message, channel) });
}

function sender(message) {
  return store.person(message.sender?.id) ?? { ...message.sender, real_name: message.sender?.name };
}

function note(message, channel) {
  if (!message.ephemeral) return null;
  const dismiss = () => store.drop(channel, message.ts);
  return el("p", { class: "only-you" }, icon("eye"), "Only visible to you", el("button", { type: "button", class: "quiet", onclick: dismiss }, "Dismiss"));
}

function when(message, tz) {
  const ms = tsToMs(message.ts);
  return el("time", { class: "when", datetime: new Date(ms).toISOString(), title: fullDate(ms, tz) }, clockTime(ms, tz));
}

function badge(person) {
  if (person.kind === "bot" || person.kind === "slackbot") return el("span", { class: "tag" }, "APP");
  const words = person.kind === "external" || person.kind === "guest" ? kindInWords(person) : "";
  return words ? el("span", { class: "tag tag-quiet" }, words) : null;
}

function messageNode(message, { channel, follows, tz }) {
  const person = sender(message);
  const head = el("div", { class: "message-head" }, el("strong", { class: "sender" }, person.real_name || person.name), badge(person), when(message, tz));
  const className = ["message", follows ? "message-follows" : "", message.ephemeral ? "message-ephemeral" : ""].join(" ").trim();
  return el(
    "li",
    { class: className, "data-ts": message.ts },
    avatar(person),
    el("div", { class: "message-main" }, note(message, channel), head, body(message, channel), message.edited && el("span", { class: "edited" }, "(edited)")),
  );
}

function follows(message, before, tz) {
  if (!before || message.ephemeral || before.ephemeral) return false;
  const [a, b] = [tsToMs(before.ts), tsToMs(message.ts)];
  return before.sender?.id === message.sender?.id && b - a < TOGETHER && sameDay(a, b, tz);
}

function empty() {
  const channel = store.channel(store.channelId);
  const words = channel ? `This is the beginning of #${channel.name}.` : "Messages that the app sends only to you arrive here.";
  return el("li", { class: "empty" }, words);
}

export class Messages {
  #nodes = new Map();
  #limit = PAGE;
  #drawn = null;

  constructor(host) {
    this.host = host;
    this.list = el("ol", { class: "messages" });
    this.latest = el("button", { type: "button", class: "latest", hidden: true, onclick: () => this.#bottom() }, "New messages", icon("down"));
    host.addEventListener("scroll", () => this.#atBottom() && (this.latest.hidden = true));
  }

  /** Draw the open place; what did not change keeps its nodes, its focus and its place. */
  draw() {
    const channel = store.channelId;
    const place = `${store.as} ${channel}`;
    const moved = place !== this.#drawn || !this.list.isConnected;
    if (moved) this.#arrive(place);
    const stays = moved || this.#atBottom();
    const key = focusKey(this.list);
    const newest = this.list.lastElementChild?.dataset.ts;
    this.list.replaceChildren(...this.#rows(store.messages.get(channel) ?? null, channel));
    if (key !== null && !this.list.contains(document.activeElement)) focusByKey(this.list, key);
    if (stays) this.#bottom();
    else if (this.list.lastElementChild?.dataset.ts !== newest) this.latest.hidden = false;
  }

  #arrive(place) {
    if (place !== this.#drawn) this.#limit = PAGE;
    this.#drawn = place;
    this.#nodes.clear();
    this.latest.hidden = true;
    this.host.replaceChildren(this.list, this.latest);
  }

  #rows(messages, channel) {
    if (messages === null) return [el("li", { class: "empty" }, "Fetching the messages…")];
    if (!messages.length) return [empty()];
    const shown = messages.slice(-this.#limit);
    const rows = shown.flatMap((message, i) => this.#row(message, shown[i - 1], channel));
    if (shown.length < messages.length) rows.unshift(this.#earlier());
    return rows;
  }

  #earlier() {
    const more = () => {
      const from = this.host.scrollHeight - this.host.scrollTop;
      this.#limit += PAGE;
      this.draw();
      this.host.scrollTop = this.host.scrollHeight - from;
    };
    return el("li", { class: "empty" }, el("button", { type: "button", class: "button", onclick: more }, "Show earlier messages"));
  }

  #row(message, before, channel) {
    const tz = store.tz();
    const ms = tsToMs(message.ts);
    const newDay = !before || !sameDay(tsToMs(before.ts), ms, tz);
    const together = follows(message, before, tz);
    const version = JSON.stringify([message, together, tz]);
    if (this.#nodes.get(message.ts)?.version !== version) {
      this.#nodes.set(message.ts, { version, node: messageNode(message, { channel, follows: together, tz }) });
    }
    const { node } = this.#nodes.get(message.ts);
    return newDay ? [el("li", { class: "day" }, el("span", {}, dayName(ms, store.now(), tz))), node] : [node];
  }

  #atBottom() {
    return this.host.scrollHeight - this.host.scrollTop - this.host.clientHeight < 80;
  }

  #bottom() {
    this.host.scrollTop = this.host.scrollHeight;
    this.latest.hidden = true;
  }
}

/** Say a new message aloud to those who hear the page instead of seeing it. */
export function mountAloud(log) {
  store.on("arrived", ({ channel, message }) => {
    if (!store.sees(channel) || message.sender?.id === store.as) return;
    const person = sender(message);
    log.append(el("p", {}, `${person.real_name || person.name}: ${message.text ?? ""}`));
    while (log.children.length > 10) log.firstElementChild.remove();
  });
}
