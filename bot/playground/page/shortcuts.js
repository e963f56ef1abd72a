// Shortcuts: a message's own in its menu, all others beside where one writes.

import { pressShortcut } from "./api.js";
import { el, icon, star } from "./dom.js";
import { openMenu } from "./menu.js";
import { store } from "./store.js";

/** The shortcuts of one type: an app's are for its own workspace's people only. */
export const offered = (type) =>
  store.me()?.kind === "external"
    ? []
    : (store.state?.app.shortcuts ?? []).filter((shortcut) => shortcut.type === type);

const item = ({ callback_id, name, description }) => ({
  callback_id,
  label: name,
  detail: `${store.state.app.name} · ${description}`,
  mark: el("span", { class: "avatar avatar-app avatar-small", "aria-hidden": true }, star()),
});

function menuButton(props, { type, shape, label, press }) {
  const open = (event) =>
    openMenu(event.currentTarget, {
      label,
      items: offered(type).map(item),
      onpick: ({ callback_id }) => press(callback_id),
    });
  return el(
    "button",
    {
      type: "button",
      "aria-label": label,
      title: label,
      "aria-haspopup": "menu",
      "aria-expanded": false,
      onclick: open,
      ...props,
    },
    icon(shape),
  );
}

function say(host, sentence) {
  host.querySelector(":scope > .trouble")?.remove();
  if (sentence) host.append(el("p", { class: "trouble", role: "alert" }, sentence));
}

/** The menu of a message; null where there is nothing to choose. `host()` is where trouble is told. */
export function messageMenu(message, channel, host) {
  if (message.ephemeral || !offered("message").length) return null;
  const press = async (callback_id) => {
    say(host(), null);
    say(host(), await pressShortcut(store.as, { callback_id, channel, ts: message.ts }));
  };
  return menuButton(
    { class: "button button-icon message-menu", "data-key": "/menu" },
    { type: "message", shape: "more", label: "More actions", press },
  );
}

/** The menu of global shortcuts; `tell(sentence)` hears what went wrong. */
export function globalMenu(tell) {
  const press = async (callback_id) => {
    const sentence = await pressShortcut(store.as, { callback_id });
    if (sentence) tell(sentence);
  };
  return menuButton(
    { class: "button button-icon" },
    { type: "global", shape: "bolt", label: "Shortcuts", press },
  );
}
