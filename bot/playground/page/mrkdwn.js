// Slack's own markup for text, from string to nodes.

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

const around = (mark) =>
  `(?<![\\p{L}\\p{N}${mark}])${mark}(?=\\S)([^${mark}\\n]*?[^\\s${mark}])${mark}(?![\\p{L}\\p{N}${mark}])`;

const INLINE = new RegExp(
  [
    "<([^<>\\n]+)>",
    "`([^`\\n]+)`",
    ":([a-z0-9_+-]+(?:::skin-tone-[2-6])?):",
    around("\\*"),
    around("_"),
    around("~"),
  ].join("|"),
  "gu",
);

/** The three entities of Slack's texts, decoded once. */
export function unescape(text) {
  const known = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => known[entity]);
}

function special(body, label) {
  if (/^(here|channel|everyone)$/.test(body)) return broadcastChip(body);
  const [kind, first, ...rest] = body.split("^");
  if (kind === "subteam") return groupChip(first, label);
  if (kind === "date" && rest.length) return dateNode(first, unescape(rest[0]), rest[1]);
  return document.createTextNode(label || `<!${body}>`);
}

function angle(token) {
  const cut = token.indexOf("|");
  const target = cut < 0 ? token : token.slice(0, cut);
  const label = cut < 0 ? "" : unescape(token.slice(cut + 1));
  if (target.startsWith("@")) return userChip(target.slice(1), label);
  if (target.startsWith("#")) return channelChip(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(unescape(target), label);
}

function piece(match) {
  const [, token, code, name, bold, italic, strike] = match;
  if (token !== undefined) return angle(token);
  if (code !== undefined) return el("code", {}, unescape(code));
  if (name !== undefined) return emojiNode(name);
  if (bold !== undefined) return el("strong", {}, inline(bold));
  if (italic !== undefined) return el("em", {}, inline(italic));
  return el("s", {}, inline(strike));
}

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(unescape(text.slice(from, match.index)));
    nodes.push(piece(match));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(unescape(text.slice(from)));
  return nodes;
}

const QUOTE = /^(?:>|&gt;) ?/;
const QUOTE_REST = /^(?:>>>|&gt;&gt;&gt;) ?/;

function paragraphs(text) {
  const nodes = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length;) {
    const quoted = [];
    if (QUOTE_REST.test(lines[i])) {
      quoted.push(lines[i].replace(QUOTE_REST, ""), ...lines.slice(i + 1));
      i = lines.length;
    } else
      while (i < lines.length && QUOTE.test(lines[i])) quoted.push(lines[i++].replace(QUOTE, ""));
    if (quoted.length) nodes.push(el("blockquote", {}, inline(quoted.join("\n"))));
    const plain = [];
    while (i < lines.length && !QUOTE.test(lines[i])) plain.push(lines[i++]);
    if (plain.length) nodes.push(...inline(plain.join("\n")));
  }
  return nodes;
}

/** The nodes of a mrkdwn text; whatever is not markup is shown as typed. */
export function mrkdwn(text) {
  const parts = text.split(/```\n?([\s\S]+?)\n?```/);
  return parts.flatMap((part, i) => {
    if (i % 2) return el("pre", {}, unescape(part));
    const trimmed = part
      .replace(i > 0 ? /^\n/ : /^$/, "")
      .replace(i < parts.length - 1 ? /\n$/ : /$^/, "");
    return trimmed ? paragraphs(trimmed) : [];
  });
}
