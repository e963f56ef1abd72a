// What can be pressed in a message, in Home or in a form.

import { confirm } from "./confirm.js";
import { el, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { leads } from "./permalink.js";
import { words } from "./texts.js";

function trouble(node, sentence) {
  const host = node.closest(".actions, .section");
  host?.querySelector(":scope > .trouble")?.remove();
  if (sentence) host?.append(el("p", { class: "trouble", role: "alert" }, sentence));
}

// The node may have been redrawn meanwhile: then there is nothing left to set free.
async function press(node, { part, choice, context }) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (part.confirm && !(await confirm(part.confirm))) return;
  node.setAttribute("aria-busy", "true");
  trouble(node, null);
  const sentence = await context.act(part, context.block, choice);
  node.removeAttribute("aria-busy");
  trouble(node, sentence);
}

const key = (part, block) => `${block?.block_id ?? ""}/${part.action_id ?? ""}`;

function button(part, context) {
  const props = {
    class: `button ${part.style ? `button-${part.style}` : ""}`.trim(),
    "aria-label": part.accessibility_label ?? null,
    "data-key": key(part, context.block),
    onclick: (event) =>
      press(event.currentTarget, { part, context, choice: { value: part.value } }),
  };
  if (!part.url) return el("button", { type: "button", ...props }, words(part.text));
  return el("a", { ...leads(part.url), ...props }, words(part.text));
}

function menuOf(part, context, { role }) {
  const options = part.options ?? part.option_groups.flatMap((group) => group.options);
  const current = part.initial_option?.value;
  const items = options.map((option) => ({
    option,
    label: words(option.text),
    detail: option.description && words(option.description),
    chosen: role === "option" ? option.value === current : undefined,
  }));
  return (event) => {
    const anchor = event.currentTarget;
    const onpick = ({ option }) => {
      if (option.url) window.open(option.url, "_blank", "noopener");
      if (role === "option") show(anchor, part, option);
      press(anchor, { part, context, choice: { option: option.value } });
    };
    openMenu(anchor, {
      label: anchor.getAttribute("aria-label") ?? "Options",
      items,
      onpick,
      role,
    });
  };
}

function show(anchor, part, option) {
  const [about, chosen] = [words(part.placeholder), words(option.text)];
  anchor.querySelector("span").textContent = chosen;
  anchor.setAttribute("aria-label", about ? `${about}: ${chosen}` : chosen);
}

function overflow(part, context) {
  const label = part.accessibility_label ?? "More options";
  const props = {
    type: "button",
    class: "button button-icon button-overflow",
    "aria-label": label,
    title: label,
    "aria-haspopup": "menu",
    "aria-expanded": false,
  };
  return el(
    "button",
    {
      ...props,
      "data-key": key(part, context.block),
      onclick: menuOf(part, context, { role: "menuitem" }),
    },
    icon("more"),
  );
}

function select(part, context) {
  const props = {
    type: "button",
    class: "button button-select",
    "aria-haspopup": "listbox",
    "aria-expanded": false,
  };
  const node = el(
    "button",
    {
      ...props,
      "data-key": key(part, context.block),
      onclick: menuOf(part, context, { role: "option" }),
    },
    el("span", {}, words(part.placeholder) || "Choose"),
    icon("down"),
  );
  if (part.initial_option) show(node, part, part.initial_option);
  return node;
}

const ELEMENTS = { button, overflow, static_select: select };

/** One interactive element; in a form, fields of other kinds are built by the form. */
export function element(part, context) {
  const make = ELEMENTS[part.type];
  if (make) return make(part, context);
  if (part.type === "image") return el("span", { class: "text" }, part.alt_text);
  return (
    context.control?.(part, context.block) ??
    el("p", { class: "unknown" }, `This element is not known here: ${part.type}`)
  );
}
