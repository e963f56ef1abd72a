// Where one writes: messages, and commands that begin with a slash.

import { api } from "./api.js";
import { spoken, suggest, wordAt } from "./complete.js";
import { el, icon } from "./dom.js";
import { Listbox } from "./menu.js";
import { globalMenu, offered } from "./shortcuts.js";
import { store } from "./store.js";

const AWAY = "The workspace did not answer. Your text is still here.";

function closedBecause() {
  const channel = store.channel(store.channelId);
  const me = store.me();
  if (me && !me.can_act) return `${me.real_name} cannot act here.`;
  if (!channel) return null;
  if (channel.is_archived)
    return `#${channel.name} is archived. Nothing can be written here any more.`;
  if (!channel.is_member)
    return `${me?.real_name ?? "This person"} is not in #${channel.name} and can only read here.`;
  return null;
}

const commandOf = (text) =>
  store.commands().find(
    (c) =>
      text === c.command || text.startsWith(`${c.command} `) || text.startsWith(`${c.command}\n`),
  ) ?? null;

function noCommand(word) {
  return store.commands().length
    ? `${word} is not a command here. Type / to see the ones there are.`
    : `Commands are for the people of ${store.state.workspace.name}, not of a partner company.`;
}

class Composer {
  #drafts = new Map();
  #chosen = new Map();
  #place = null;

  constructor(host) {
    this.host = host;
    this.field = el("textarea", {
      id: "composer",
      rows: 1,
      autocomplete: "off",
      spellcheck: true,
      "aria-describedby": "composer-hint composer-trouble",
    });
    this.hint = el("p", { class: "composer-hint", id: "composer-hint" });
    this.trouble = el("p", { class: "composer-trouble", id: "composer-trouble", role: "alert" });
    this.button = el(
      "button",
      { type: "submit", class: "button button-primary send", "aria-label": "Send" },
      icon("send"),
    );
    this.shortcuts = globalMenu((sentence) => this.#fail(sentence));
    this.form = el("form", { class: "composer" }, this.shortcuts, this.field, this.button);
    this.closed = el("p", { class: "composer-closed", hidden: true });
    this.list = new Listbox(this.field, {
      label: "Suggestions",
      onpick: (item) => this.#complete(item),
      anchor: this.form,
      above: true,
    });
    host.replaceChildren(this.trouble, this.closed, this.form, this.hint);
    this.#listen();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("click", () => this.#suggest());
    this.field.addEventListener("blur", () => this.list.hide());
    this.field.addEventListener("keydown", (event) => this.#key(event) && event.preventDefault());
  }

  // True when the key was ours.
  #key(event) {
    if (event.isComposing) return false;
    if (this.list.open) {
      if (event.key === "ArrowDown") return (this.list.move(1), true);
      if (event.key === "ArrowUp") return (this.list.move(-1), true);
      if (event.key === "Escape") return (this.list.hide(), true);
      if (event.key === "Tab" && !event.shiftKey) {
        if (this.list.active < 0) this.list.move(1);
        return this.list.pick();
      }
      if (event.key === "Enter" && !event.shiftKey && this.list.pick()) return true;
    }
    if (event.key !== "Enter" || event.shiftKey) return false;
    this.send();
    return true;
  }

  /** Show the place's own draft, or why nothing can be written there. */
  draw() {
    const place = `${store.as} ${store.channelId}`;
    this.host.hidden = store.atApp() && store.tab === "home";
    const why = closedBecause();
    this.closed.hidden = !why;
    this.closed.textContent = why ?? "";
    this.form.hidden = this.hint.hidden = Boolean(why);
    this.shortcuts.hidden = !offered("global").length;
    const channel = store.channel(store.channelId);
    const label = channel ? `Message ${store.nameOf(channel)}` : `Message ${store.state?.app.name ?? ""}`;
    this.field.placeholder = label;
    this.field.setAttribute("aria-label", label);
    if (place === this.#place) return;
    const draft = this.#drafts.get(place) ?? { text: "", chosen: new Map() };
    if (this.#place)
      this.#drafts.set(this.#place, { text: this.field.value, chosen: this.#chosen });
    this.#place = place;
    this.trouble.textContent = "";
    this.#chosen = draft.chosen;
    this.write(draft.text, { focus: false });
    this.list.hide();
  }

  /** Put a text into the field, ready to go on typing. */
  write(text, { focus = true } = {}) {
    this.field.value = text;
    if (focus) this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
    this.changed();
  }

  changed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, innerHeight * 0.4)}px`;
    this.trouble.textContent = "";
    for (const word of this.#chosen.keys())
      if (!this.field.value.includes(word)) this.#chosen.delete(word);
    this.#explain();
    this.#suggest();
  }

  #explain() {
    const command = commandOf(this.field.value);
    const usage = command && [
      el("code", {}, [command.command, command.usage_hint].filter(Boolean).join(" ")),
      ` ${command.description}`,
    ];
    this.hint.replaceChildren(
      ...(usage ?? [
        el(
          "span",
          { class: "composer-keys" },
          "/ for commands, @ for people. Enter sends, Shift + Enter starts a new line.",
        ),
      ]),
    );
  }

  #suggest() {
    const { value, selectionStart, selectionEnd } = this.field;
    const writing =
      document.activeElement === this.field &&
      selectionStart === selectionEnd &&
      !this.field.readOnly;
    const word = writing && store.state ? wordAt(value, selectionStart) : null;
    if (!word) return this.list.hide();
    const { items, active } = suggest(word, value);
    return this.list.show(items, { active });
  }

  #complete(item) {
    const { value, selectionStart } = this.field;
    const word = wordAt(value, selectionStart);
    if (!word) return;
    if (item.token) this.#chosen.set(item.insert, item.token);
    const rest = value.slice(selectionStart).replace(/^ /, "");
    const done = `${value.slice(0, word.from)}${item.insert} `;
    this.field.value = done + rest;
    this.field.setSelectionRange(done.length, done.length);
    this.list.hide();
    this.changed();
  }

  #fail(sentence) {
    this.trouble.textContent = sentence;
  }

  /** Send what is written; it leaves the field only once it has arrived. */
  async send() {
    const text = this.field.value.trim();
    if (!text || this.field.readOnly) return;
    const isCommand = text.startsWith("/");
    if (isCommand && !commandOf(text)) {
      const word = text.split(/\s/)[0];
      this.#fail(noCommand(word));
      return;
    }
    const place = this.#place;
    store.tell("sent");
    this.#busy(true);
    const call = isCommand ? api.command : api.message;
    const said = spoken(text, this.#chosen);
    const answer = await call(store.as, store.channelId, said).catch(() => ({
      ok: false,
      error: AWAY,
    }));
    this.#busy(false);
    if (answer.ok && /recognize\s.*@/.test(text)) store.tell("thanked");
    this.#settle(answer, place);
  }

  #settle(answer, place) {
    if (place !== this.#place) {
      if (answer.ok) this.#drafts.delete(place);
      return;
    }
    if (answer.ok)
      this.write("", {
        focus:
          document.activeElement === document.body || this.host.contains(document.activeElement),
      });
    else this.#fail(answer.error ?? "That did not work. Your text is still here.");
  }

  #busy(on) {
    this.list.hide();
    this.field.readOnly = on;
    this.form.setAttribute("aria-busy", on);
    if (on) this.hint.textContent = "Waiting for an answer…";
    else this.#explain();
  }
}

export function mountComposer(host) {
  const composer = new Composer(host);
  store.on("place state", () => composer.draw());
  return composer;
}
