// A field that finds people or channels by name and holds one or several as chips.

import { el, icon } from "./dom.js";
import { Listbox } from "./menu.js";

const MOST = 8;

/**
 * `find(typed)` gives rows ({id, label, detail, mark}), `row(id)` the row of one that is chosen.
 * At most `most` can be chosen; with one, a new choice takes the old one's place.
 */
export class Combobox {
  constructor({ id, label, placeholder, find, row, chosen, most, onchange }) {
    Object.assign(this, { label, find, row, most, onchange, placeholder, chosen: [...chosen] });
    this.input = el("input", {
      id,
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: false,
      "aria-expanded": false,
      class: "combo-input",
    });
    this.chips = el("ul", { class: "combo-chips", "aria-label": "Chosen" });
    this.note = el("p", { class: "combo-note", role: "status" });
    this.box = el("div", { class: "combo" }, this.chips, this.input);
    this.node = el("div", {}, this.box, this.note);
    this.list = new Listbox(this.input, {
      label,
      onpick: (item) => this.#choose(item.id),
      anchor: this.box,
    });
    this.#listen();
    this.draw();
  }

  #listen() {
    this.input.addEventListener("input", () => this.#suggest());
    this.input.addEventListener("click", () =>
      this.list.open ? this.list.hide() : this.#suggest(),
    );
    this.input.addEventListener("blur", () => this.#left());
    this.input.addEventListener("keydown", (event) => this.#key(event) && event.preventDefault());
    this.box.addEventListener("click", (event) => event.target === this.box && this.input.focus());
  }

  #left() {
    this.list.hide();
    this.input.value = "";
  }

  #key(event) {
    if (event.isComposing) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!this.list.open) this.#suggest();
      else this.list.move(event.key === "ArrowDown" ? 1 : -1);
      return true;
    }
    if (event.key === "Escape" && this.list.open) return (this.list.hide(), true);
    if (event.key === "Enter") return (this.list.pick(), true);
    if (event.key === "Tab" && this.input.value && this.list.open && !event.shiftKey)
      return this.list.pick();
    if (event.key === "Backspace" && !this.input.value && this.chosen.length)
      return (this.#remove(this.chosen.at(-1)), true);
    return false;
  }

  #full() {
    return this.most > 1 && this.chosen.length >= this.most;
  }

  #suggest() {
    if (this.#full()) {
      this.note.textContent = `${this.most} is the most that can be chosen.`;
      this.input.value = "";
      return this.list.hide();
    }
    const typed = this.input.value.trim().replace(/^[@#]/, "").toLowerCase();
    const free = this.find(typed).filter((item) => !this.chosen.includes(item.id));
    this.note.textContent = free.length ? "" : `Nothing found for “${this.input.value}”.`;
    return this.list.show(free.slice(0, MOST));
  }

  #choose(id) {
    this.chosen = this.most === 1 ? [id] : [...this.chosen, id];
    this.#changed();
    this.input.value = "";
    this.list.hide();
    this.input.focus();
  }

  #remove(id) {
    this.chosen = this.chosen.filter((other) => other !== id);
    this.#changed();
    this.input.focus();
  }

  #changed() {
    this.note.textContent = "";
    this.draw();
    this.onchange();
  }

  draw() {
    const chip = (id) => {
      const { label, mark } = this.row(id);
      const remove = el(
        "button",
        {
          type: "button",
          class: "combo-remove",
          "aria-label": `Remove ${label}`,
          onclick: () => this.#remove(id),
        },
        icon("close"),
      );
      return el("li", { class: "combo-chip" }, mark, el("span", {}, label), remove);
    };
    this.chips.hidden = !this.chosen.length;
    this.chips.replaceChildren(...this.chosen.map(chip));
    this.input.placeholder = this.chosen.length ? "" : this.placeholder;
  }
}
