// Puts the page together.

import { mountChannels } from "./channels.js";
import { mountClock } from "./clock.js";
import { mountComposer } from "./composer.js";
import { mountDrawer } from "./drawer.js";
import { el, icon } from "./dom.js";
import { mountHint } from "./hint.js";
import { Home } from "./home.js";
import { Messages } from "./messages.js";
import { mountModals } from "./modal.js";
import { mountPeople } from "./people.js";
import { store } from "./store.js";

const $ = (id) => document.getElementById(id);

function mountPane(host) {
  const home = new Home(host);
  const messages = new Messages(host);
  const atHome = () => store.atApp() && store.tab === "home";
  store.on("place", () => {
    host.setAttribute("role", store.atApp() ? "tabpanel" : "region");
    host.setAttribute("aria-label", atHome() ? "Home" : "Messages");
    if (atHome()) home.open();
    else messages.draw();
  });
  store.on("messages", (channel) => channel === store.channelId && !atHome() && messages.draw());
  store.on("state", () => store.channelId && (atHome() ? home.draw() : messages.draw()));
  store.on("clock", () => store.channelId && !atHome() && messages.draw()); // "Yesterday"
  store.on("home", () => atHome() && home.draw());
}

function mountBanner(host) {
  const words = () => {
    if (store.link === "lost") return "The workspace does not answer. Trying again…";
    const app = store.state?.app;
    return app && !app.connected
      ? `${app.name} is not connected. Commands and buttons wait until it is back.`
      : "";
  };
  const draw = () => {
    host.textContent = words();
    host.hidden = !host.textContent;
  };
  store.on("state link", draw);
}

function mountNotice(host) {
  const hide = () => {
    host.hidden = true;
  };
  store.on("place", hide);
  store.on("lost", (sentence) => {
    const close = el(
      "button",
      { type: "button", class: "button-icon quiet", "aria-label": "Hide this note", onclick: hide },
      icon("close"),
    );
    host.hidden = false;
    host.replaceChildren(el("p", {}, sentence), close);
  });
}

function mountSkip(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const field = $("composer");
    (field.checkVisibility() ? field : $("main")).focus();
  });
}

mountPeople($("acting"), $("face"));
mountChannels({ nav: $("places"), head: $("head"), tabs: $("tabs"), name: $("workspace") });
mountClock($("clock"));
mountNotice($("notice")); // before the pane, which may have something to say about a new place
mountPane($("pane"));
mountBanner($("banner"));
mountHint($("hint"), mountComposer($("write")));
mountModals();
mountDrawer({ button: $("menu"), drawer: $("sidebar"), shade: $("shade") });
mountSkip($("skip"));

addEventListener("hashchange", () => store.arrive());
document.addEventListener("visibilitychange", () => store.seen());
store.arrive();
