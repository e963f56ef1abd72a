// Pop-up lists: one that takes the focus (a menu), one that leaves it in a text field (a listbox).

import { el } from "./dom.js";

/** Lay `popup` beside `anchor`, inside what is on top, so that a form does not cover it. */
export function place(popup, anchor, { above = false } = {}) {
  const host = anchor.closest("dialog") ?? document.body;
  if (popup.parentNode !== host) host.append(popup);
  const box = anchor.getBoundingClientRect();
  popup.style.minWidth = `${Math.min(box.width, 420)}px`;
  const size = popup.getBoundingClientRect();
  const fitsBelow = box.bottom + size.height + 12 < innerHeight;
  const top = above || !fitsBelow ? Math.max(8, box.top - size.height - 6) : box.bottom + 6;
  popup.style.top = `${top}px`;
  popup.style.left = `${Math.max(8, Math.min(box.left, innerWidth - size.width - 8))}px`;
}

const LINES = (item) => [
  item.mark ?? null,
  el(
    "span",
    { class: "item-words" },
    el("span", { class: "item-label" }, item.label),
    item.detail && el("span", { class: "item-detail" }, item.detail),
  ),
];

function menuItem(item, { role, pick }) {
  const chosen = item.chosen === undefined ? null : Boolean(item.chosen);
  const state =
    role === "option" ? { "aria-selected": chosen ?? false } : { "aria-checked": chosen };
  const kind = role === "menuitem" && chosen !== null ? "menuitemradio" : role;
  const props = {
    type: "button",
    class: "item",
    role: kind,
    tabindex: -1,
    "aria-disabled": item.disabled ? true : null,
  };
  return el(
    "button",
    { ...props, ...state, onclick: () => !item.disabled && pick(item) },
    LINES(item),
  );
}

function step(items, key) {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[key];
  if (to === undefined) return false;
  items.at(((to % items.length) + items.length) % items.length)?.focus();
  return true;
}

function jumpTo(items, letter) {
  const at = items.indexOf(document.activeElement);
  const ring = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  ring.find((item) => item.textContent.toLowerCase().includes(letter.toLowerCase()))?.focus();
}

// What opened a menu may have been drawn anew meanwhile.
function present(anchor) {
  if (anchor.isConnected) return anchor;
  const { key } = anchor.dataset;
  const ts = anchor.closest("[data-ts]")?.dataset.ts;
  const row = ts ? `[data-ts="${CSS.escape(ts)}"] ` : "";
  return document.querySelector(`${row}[data-key="${CSS.escape(key ?? "")}"]`) ?? document.body;
}

/** A menu under `anchor`; arrows, Home, End, letters, Enter and Escape work as in any menu. */
export function openMenu(anchor, { label, items, onpick, role = "menuitem" }) {
  const popup = el("div", {
    class: "popup",
    role: role === "option" ? "listbox" : "menu",
    "aria-label": label,
  });
  const outside = (event) =>
    !popup.contains(event.target) && !anchor.contains(event.target) && close(false);
  function close(back = true) {
    popup.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (back) present(anchor).focus();
  }
  const pick = (item) => {
    close();
    onpick(item);
  };
  const rows = items.map((item) => menuItem(item, { role, pick }));
  popup.append(...rows);
  popup.addEventListener("keydown", (event) => {
    if (event.key === "Tab") return close();
    if (event.key === "Escape") close();
    else if (event.key.length === 1 && event.key !== " ") return jumpTo(rows, event.key);
    else if (!step(rows, event.key)) return undefined;
    return event.preventDefault();
  });
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  place(popup, anchor);
  (rows.find((row, i) => items[i].chosen) ?? rows[0])?.focus();
  return { close };
}

let lists = 0;

/** Suggestions for a text field that keeps the focus. */
export class Listbox {
  items = [];
  active = -1;
  id = `list-${(lists += 1)}`;

  constructor(field, { label, onpick, anchor, above = false }) {
    Object.assign(this, { field, onpick, anchor, above });
    this.node = el("div", { class: "popup", role: "listbox", id: this.id, "aria-label": label });
    field.setAttribute("aria-controls", this.id);
    field.setAttribute("aria-autocomplete", "list");
  }

  get open() {
    return this.items.length > 0;
  }

  show(items, { active = 0 } = {}) {
    this.items = items;
    if (!items.length) return this.hide();
    this.node.replaceChildren(...items.map((item, i) => this.#row(item, i)));
    place(this.node, this.anchor, { above: this.above });
    this.#expanded(true);
    return this.#activate(active);
  }

  #row(item, i) {
    const onmousedown = (event) => event.preventDefault();
    const onclick = () => this.onpick(item);
    return el(
      "div",
      { class: "item", role: "option", id: `${this.id}-${i}`, onmousedown, onclick },
      LINES(item),
    );
  }

  #expanded(open) {
    if (this.field.getAttribute("role") === "combobox")
      this.field.setAttribute("aria-expanded", open);
  }

  #activate(i) {
    this.active = i;
    [...this.node.children].forEach((row, at) =>
      row.setAttribute("aria-selected", String(at === i)),
    );
    if (i < 0) return this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", `${this.id}-${i}`);
    return this.node.children[i].scrollIntoView({ block: "nearest" });
  }

  move(by) {
    const count = this.items.length;
    this.#activate(this.active < 0 ? (by > 0 ? 0 : count - 1) : (this.active + by + count) % count);
  }

  pick() {
    const item = this.items[this.active];
    if (item) this.onpick(item);
    return Boolean(item);
  }

  hide() {
    this.items = [];
    this.active = -1;
    this.node.remove();
    this.#expanded(false);
    this.field.removeAttribute("aria-activedescendant");
  }
}
