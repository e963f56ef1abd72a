// The app's Home tab.

import { api, press } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { el, focusBack, focusIn } from "./dom.js";
import { store } from "./store.js";

function act(view) {
  const at = { view_id: view.id };
  return ({ action_id }, { block_id }, choice) =>
    press(store.as, { ...at, block_id, action_id, ...choice });
}

export class Home {
  #drawn = null;

  constructor(host) {
    this.host = host;
    this.page = el("div", { class: "home" });
  }

  /** Opening Home tells the app, which then draws it anew; what waits stands at its top. */
  async open() {
    const as = store.as;
    this.draw();
    this.host.scrollTop = 0;
    const answer = await api.home(as).catch(() => null);
    if (answer?.view && as === store.as) store.setHome(answer.view);
  }

  draw() {
    if (!this.page.isConnected) this.host.replaceChildren(this.page);
    const view = store.state?.home;
    const version = JSON.stringify([store.as, view ?? null]);
    if (version === this.#drawn) return;
    this.#drawn = version;
    const was = focusIn(this.page);
    const quiet = el(
      "p",
      { class: "empty" },
      "Nothing is here yet. When the app is connected, it draws this page.",
    );
    this.page.replaceChildren(
      ...(view ? renderBlocks(view.blocks, { act: act(view), level: 2 }) : [quiet]),
    );
    focusBack(this.page, was);
  }
}
