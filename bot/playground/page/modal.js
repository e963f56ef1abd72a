// The stack of modals: the top one is shown, those beneath keep what was typed.

import { api } from "./api.js";
import { el, focusBack, focusIn, icon } from "./dom.js";
import { store } from "./store.js";
import { words } from "./texts.js";
import { ViewForm } from "./viewform.js";

const AWAY = "We had some trouble connecting. Try again?";

class Modals {
  #forms = new Map();
  #top = null;
  #busy = false;

  constructor() {
    this.title = el("h2", { id: "modal-title" });
    this.body = el("div", { class: "dialog-body" });
    this.alert = el("p", { class: "dialog-alert", role: "alert" });
    this.closeButton = el("button", {
      type: "button",
      class: "button",
      onclick: () => this.close(),
    });
    this.submitButton = el("button", { type: "submit", class: "button button-primary" });
    const x = el(
      "button",
      {
        type: "button",
        class: "button button-icon",
        "aria-label": "Close",
        onclick: () => this.close(),
      },
      icon("close"),
    );
    this.form = el(
      "form",
      { class: "dialog-form", novalidate: true },
      el("header", { class: "dialog-head" }, this.title, x),
      this.body,
      this.alert,
      el("footer", { class: "dialog-foot" }, this.closeButton, this.submitButton),
    );
    this.dialog = el("dialog", { class: "dialog", "aria-labelledby": "modal-title" }, this.form);
    document.body.append(this.dialog);
    this.#listen();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
  }

  /** Bring the page in line with the views there are. */
  draw() {
    const views = store.views();
    const ids = new Set(views.map((view) => view.id));
    for (const id of this.#forms.keys()) if (!ids.has(id)) this.#forms.delete(id);
    const top = views.at(-1) ?? null;
    if (!top) return this.#hide();
    for (const view of views) this.#keepForm(view);
    return this.#show(this.#forms.get(top.id));
  }

  #keepForm(view) {
    const old = this.#forms.get(view.id);
    const version = JSON.stringify([view.hash, view.title, view.submit, view.close, view.blocks]);
    if (old?.version === version) return;
    const form = new ViewForm(view, old?.typed());
    form.version = version;
    this.#forms.set(view.id, form);
  }

  #hide() {
    this.#top = null;
    this.#setBusy(false);
    if (this.dialog.open) this.dialog.close();
  }

  #show(form) {
    if (form === this.#top) return;
    const sameView = this.#top?.view.id === form.view.id;
    const was = sameView ? focusIn(this.form) : null;
    const scroll = sameView ? this.body.scrollTop : 0;
    this.#top = form;
    this.#dress(form.view);
    this.body.replaceChildren(form.node);
    if (!this.dialog.open) this.dialog.showModal();
    this.body.scrollTop = scroll;
    if (this.form.contains(document.activeElement) && sameView) return;
    if (!focusBack(this.form, was) && !form.focusFirst())
      (form.view.submit ? this.submitButton : this.closeButton).focus();
  }

  #dress(view) {
    this.title.textContent = words(view.title);
    this.alert.textContent = "";
    this.closeButton.textContent = words(view.close) || (view.submit ? "Cancel" : "Close");
    this.submitButton.hidden = !view.submit;
    this.submitButton.textContent = words(view.submit);
    this.#setBusy(false);
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.form.setAttribute("aria-busy", busy);
    this.submitButton.setAttribute("aria-disabled", busy);
  }

  async submit() {
    if (this.#busy || !this.#top?.view.submit) return;
    const form = this.#top;
    this.alert.textContent = "";
    form.showErrors({});
    this.#setBusy(true);
    const answer = await api
      .submit(store.as, form.view.id, form.values())
      .catch(() => ({ outcome: "failed" }));
    // Without an error the server's new stack of views replaces this one.
    if (answer.outcome !== "errors" && answer.outcome !== "failed") await store.refresh();
    this.#setBusy(false);
    if (answer.outcome === "closed" && form.view.callback_id === "recognize") store.tell("thanked");
    if (answer.outcome === "failed") this.alert.textContent = AWAY;
    if (answer.outcome === "errors")
      this.alert.textContent = form.showErrors(answer.errors ?? {}).join(" ");
  }

  async close() {
    const view = this.#top?.view;
    if (!view) return;
    store.setViews(store.views().filter((other) => other.id !== view.id));
    await api.close(store.as, view.id).catch(() => null);
    await store.refresh();
  }
}

export function mountModals() {
  const modals = new Modals();
  store.on("views", () => modals.draw());
}
