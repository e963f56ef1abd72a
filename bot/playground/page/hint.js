// One line for who is here for the first time.

import { el, icon, keep } from "./dom.js";
import { store } from "./store.js";

const recognize = () =>
  store.commands().find(({ command }) => command.endsWith("recognize")) ?? null;

const NEXT = "Now act as that person, with the button at the top left, and see what arrived.";

/** `composer.write(text)` puts the beginning of the command where it can be finished. */
export function mountHint(host, composer) {
  function move(step) {
    keep.write("hint", step);
    draw();
  }

  function start(command) {
    const write = () => composer.write(`${command} @`);
    if (!store.atApp() || store.tab !== "home") return write();
    store.addEventListener("place", write, { once: true });
    return store.go(store.channelId, { tab: "messages" });
  }

  function first() {
    const { command } = recognize();
    const begin = el(
      "button",
      { type: "button", class: "quiet", onclick: () => start(command) },
      "let me begin one for you",
    );
    return el(
      "p",
      {},
      "New here? Type ",
      el("kbd", {}, `${command} @`),
      " and what a colleague did, or ",
      begin,
      ".",
    );
  }

  function draw() {
    const step = keep.read("hint");
    host.hidden = !recognize() || step === "seen";
    if (host.hidden) return;
    const close = el(
      "button",
      {
        type: "button",
        class: "button-icon quiet",
        "aria-label": "Hide this hint",
        onclick: () => move("seen"),
      },
      icon("close"),
    );
    host.replaceChildren(step?.startsWith("next") ? el("p", {}, NEXT) : first(), close);
  }

  store.on("state", () => {
    const [step, by] = (keep.read("hint") ?? "").split(" ");
    if (step === "next" && by !== store.as) keep.write("hint", "seen");
    draw();
  });
  store.on("thanked", () => {
    if (keep.read("hint") === null) move(`next ${store.as}`);
  });
}
