// The small parts of a text: mentions, links, dates and emoji, as nodes.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { leads } from "./permalink.js";
import { store } from "./store.js";
import { fullDate, slackDate } from "./time.js";

function chip(text, title, extra = "") {
  return el("span", { class: `chip ${extra}`.trim(), title }, text);
}

/** A person; the acting person's own name stands out. */
export function userChip(id, fallback) {
  const person = store.person(id);
  const name = person?.real_name || person?.name || fallback || id;
  const title = person ? [`@${person.name}`, person.title].filter(Boolean).join(", ") : id;
  return chip(`@${name}`, title, id === store.as ? "chip-me" : "");
}

/** A channel, which leads there when the acting person may see it. */
export function channelChip(id, fallback) {
  const channel = store.channel(id);
  const name = channel?.name || fallback;
  if (!name) return chip("a private channel", id);
  if (!channel) return chip(`#${name}`, id);
  return el("a", { class: "chip", href: store.addressOf(id) }, `#${name}`);
}

export const broadcastChip = (range) => chip(`@${range}`, "Notifies everybody here", "chip-loud");

/** A user group, by the name it has now where it is still known. */
export function groupChip(id, fallback) {
  const group = store.group(id);
  const handle = group?.handle || fallback || id;
  return chip(`@${handle.replace(/^@/, "")}`, group ? `${group.name}, a user group` : "A user group");
}

const SAFE = /^(https?:|mailto:|tel:)/i;

/** A link that opens only when clicked; an address of another kind stays text. */
export function link(url, label) {
  if (!SAFE.test(url)) return document.createTextNode(label || url);
  return el("a", leads(url), label || url);
}

/** An emoji by shortcode, with the character Slack sent along where we do not know the name. */
export function emojiNode(name, unicode) {
  const points = unicode?.split("-").map((hex) => parseInt(hex, 16));
  const char = emoji(name) ?? (points ? String.fromCodePoint(...points) : null);
  if (!char) return document.createTextNode(`:${name}:`);
  return el(
    "span",
    { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` },
    char,
  );
}

/** A moment in the reader's time zone, with an optional link. */
export function dateNode(seconds, format, url) {
  const ms = Number(seconds) * 1000;
  const tz = store.tz();
  const words = slackDate(ms, format, { tz, now: store.now() });
  const node = el("time", { datetime: new Date(ms).toISOString(), title: fullDate(ms, tz) }, words);
  if (!url || !SAFE.test(url)) return node;
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, node);
}
