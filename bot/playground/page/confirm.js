// "Are you sure" of a button, as its author worded it.

import { el } from "./dom.js";
import { text, words } from "./texts.js";

/** Ask; true when the person agrees, false when they deny or press Escape. */
export function confirm({ title, text: body, confirm: yes, deny: no, style }) {
  const answer = (value) => () => dialog.close(value);
  const yesClass = style === "danger" ? "button button-danger" : "button button-primary";
  const dialog = el(
    "dialog",
    {
      class: "dialog dialog-small",
      role: "alertdialog",
      "aria-labelledby": "confirm-title",
      "aria-describedby": "confirm-text",
    },
    el("h2", { id: "confirm-title" }, words(title)),
    el("div", { id: "confirm-text", class: "text dialog-text" }, text(body)),
    el(
      "div",
      { class: "dialog-foot" },
      el("button", { type: "button", class: "button", onclick: answer("no") }, words(no)),
      el("button", { type: "button", class: yesClass, onclick: answer("yes") }, words(yes)),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
