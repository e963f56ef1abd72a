// Rich text blocks: what people wrote travels in these, so every text stays text.

import {
  broadcastChip,
  channelChip,
  dateNode,
  emojiNode,
  groupChip,
  link,
  userChip,
} from "./chips.js";
import { el } from "./dom.js";

const TAGS = [
  ["code", "code"],
  ["strike", "s"],
  ["italic", "em"],
  ["bold", "strong"],
  ["underline", "u"],
];

function styled(node, style = {}) {
  return TAGS.reduce((inner, [name, tag]) => (style[name] ? el(tag, {}, inner) : inner), node);
}

const PARTS = {
  text: (e) => e.text,
  user: (e) => userChip(e.user_id),
  usergroup: (e) => groupChip(e.usergroup_id),
  channel: (e) => channelChip(e.channel_id),
  broadcast: (e) => broadcastChip(e.range),
  emoji: (e) => emojiNode(e.name, e.unicode),
  link: (e) => link(e.url, e.text),
  date: (e) => dateNode(e.timestamp, e.format, e.url),
};

function part(element) {
  const make = PARTS[element.type];
  if (!make)
    return el("span", { class: "unknown" }, `This text is not known here: ${element.type}`);
  return styled(make(element), element.style);
}

const parts = (elements = []) => elements.map(part);

function list(e) {
  const tag = e.style === "ordered" ? "ol" : "ul";
  const start = e.style === "ordered" && e.offset ? e.offset + 1 : null;
  const items = e.elements.map((item) => el("li", {}, parts(item.elements)));
  return el(tag, { class: `rich-list indent-${Math.min(e.indent ?? 0, 6)}`, start }, items);
}

const GROUPS = {
  rich_text_section: (e) => el("div", { class: "rich-section" }, parts(e.elements)),
  rich_text_list: list,
  rich_text_quote: (e) => el("blockquote", {}, parts(e.elements)),
  rich_text_preformatted: (e) => el("pre", {}, parts(e.elements)),
};

/** One rich_text block. */
export function richText(block) {
  const groups = block.elements.map((element) => {
    const make = GROUPS[element.type];
    return make
      ? make(element)
      : el("p", { class: "unknown" }, `This text is not known here: ${element.type}`);
  });
  return el("div", { class: "block rich" }, groups);
}
