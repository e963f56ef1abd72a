// One line for who is here for the first time.

import { el, icon, keep } from "./dom.js";
import { store } from "./store.js";

const recognize = () => store.state?.app.commands.find(({ command }) => command.endsWith("recognize")) ?? null;

/** `composer.write(text)` puts the beginning of the command where it can be finished. */
export function mountHint(host, composer) {
  function dismiss() {
    keep.write("hint", "seen");
    draw();
  }

  function start(command) {
    const write = () => composer.write(`${command} @`);
    if (!store.atApp() || store.tab !== "home") return write();
    store.addEventListener("place", write, { once: true });
    return store.go(store.channelId, { tab: "messages" });
  }

  function draw() {
    const command = recognize()?.command;
    host.hidden = !command || keep.read("hint") === "seen";
    if (host.hidden) return;
    const begin = el("button", { type: "button", class: "quiet", onclick: () => start(command) }, "let me begin one for you");
    host.replaceChildren(
      el("p", {}, "New here? Type ", el("kbd", {}, `${command} @`), " and what a colleague did, or ", begin, "."),
      el("button", { type: "button", class: "button-icon quiet", "aria-label": "Hide this hint", onclick: dismiss }, icon("close")),
    );
  }
  store.on("state", draw);
}
