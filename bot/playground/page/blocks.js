// Block Kit, block by block. What is not known is named, never left out.

import { el, icon } from "./dom.js";
import { element } from "./elements.js";
import { richText } from "./richtext.js";
import { text, words } from "./texts.js";

// No request leaves for another host, so a picture from elsewhere is told by its words.
export function picture(url, alt, className) {
  const own = new URL(url, location.href).origin === location.origin;
  const told = () =>
    el(
      "span",
      { class: `${className} picture-told`, role: "img", "aria-label": alt, title: alt },
      icon("picture"),
      el("span", {}, alt),
    );
  if (!own) return told();
  const image = el("img", { src: url, alt, class: className, loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(told()));
  return image;
}

function section(block, context) {
  const fields = block.fields?.map((field) => el("div", { class: "field" }, text(field)));
  return el(
    "div",
    { class: "block section" },
    el(
      "div",
      { class: "section-main" },
      block.text && el("div", { class: "text" }, text(block.text)),
      fields && el("div", { class: "fields" }, fields),
    ),
    block.accessory &&
      el("div", { class: "accessory" }, element(block.accessory, { ...context, block })),
  );
}

function contextBlock(block) {
  const parts = block.elements.map((part) =>
    part.type === "image"
      ? picture(part.image_url, part.alt_text, "context-image")
      : el("span", { class: "text" }, text(part)),
  );
  return el("div", { class: "block context" }, parts);
}

function image(block) {
  const title = block.title && el("figcaption", {}, words(block.title));
  return el(
    "figure",
    { class: "block image" },
    title,
    picture(block.image_url, block.alt_text, "picture"),
  );
}

function actions(block, context) {
  return el(
    "div",
    { class: "block actions", role: "group" },
    block.elements.map((part) => element(part, { ...context, block })),
  );
}

function input(block, context) {
  return context.input ? context.input(block) : unknown("an input outside a form");
}

function unknown(type) {
  return el("p", { class: "block unknown" }, `This block is not known here: ${type}`);
}

const BLOCKS = {
  section,
  context: contextBlock,
  image,
  actions,
  input,
  rich_text: richText,
  divider: () => el("hr", { class: "block" }),
  header: (block, { level = 3 }) => el(`h${level}`, { class: "block header" }, text(block.text)),
};

/**
 * The nodes of a list of blocks. `context.act(element, block, choice)` sends a click and
 * answers null or a sentence about what went wrong;
 * `choice` is a value or an option. `context.input(block)` builds a form's field.
 */
export function renderBlocks(blocks, context) {
  return blocks.map((block) => BLOCKS[block.type]?.(block, context) ?? unknown(block.type));
}
