// The sidebar's places, and the head of the one that is open.

import { el, icon, star } from "./dom.js";
import { store } from "./store.js";

function badge(count) {
  if (!count) return null;
  return el("span", { class: "badge" }, String(count), el("span", { class: "unseen" }, " unread"));
}

function placeLink({ id, name, mark, faint }) {
  const unread = store.unread.count(id);
  const here = store.channelId === id;
  const className = ["place", unread && !here ? "place-unread" : "", faint ? "place-faint" : ""]
    .filter(Boolean)
    .join(" ");
  const props = {
    class: className,
    href: store.addressOf(id),
    "aria-current": here ? "page" : null,
    "data-key": id,
  };
  return el(
    "li",
    {},
    el("a", props, mark, el("span", { class: "place-name" }, name), badge(here ? 0 : unread)),
  );
}

const shape = (channel) => (channel.is_direct ? "people" : channel.is_private ? "lock" : "hash");

const channelMark = (channel) =>
  el(
    "span",
    { class: "place-mark" },
    icon(shape(channel)),
    el("span", { class: "unseen" }, channel.is_private && !channel.is_direct ? "private " : ""),
  );

function group(title, items) {
  if (!items.length) return null;
  return el(
    "section",
    {},
    el("h2", {}, title),
    el("ul", { class: "places" }, items.map(placeLink)),
  );
}

function drawPlaces(host) {
  const { channels, dm, app } = store.state;
  const named = channels.filter((channel) => !channel.is_direct);
  const item = (channel) => ({
    id: channel.id,
    name: channel.name,
    mark: channelMark(channel),
    faint: channel.is_archived,
  });
  const appItem = {
    id: dm.id,
    name: app.name,
    mark: el("span", { class: "avatar avatar-app avatar-tiny" }, star()),
  };
  const key = document.activeElement?.closest?.(".place")?.dataset.key;
  host.replaceChildren(
    ...[
      group("App", [appItem]),
      group("Channels", named.filter((c) => c.is_member && !c.is_archived).map(item)),
      group("Direct messages", channels.filter((c) => c.is_direct).map(item)),
      group("Not joined", named.filter((c) => !c.is_member && !c.is_archived).map(item)),
      group("Archived", named.filter((c) => c.is_archived).map(item)),
    ].filter(Boolean),
  );
  if (key) host.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function members(channel) {
  const people = (channel.members ?? [])
    .map((id) => store.person(id))
    .filter((person) => person && person.kind !== "bot");
  const names = people.map((person) => person.real_name || person.name).join(", ");
  const count = people.length;
  return el(
    "span",
    { class: "head-members", title: names },
    icon("people"),
    `${count} ${count === 1 ? "person" : "people"}`,
  );
}

function drawHead(host) {
  const channel = store.channel(store.channelId);
  const { app, workspace } = store.state;
  const name = channel ? channel.name : app.name;
  document.title = `${channel ? store.nameOf(channel) : name} · ${workspace.name}`;
  if (!channel) {
    host.replaceChildren(
      el("h1", {}, el("span", { class: "avatar avatar-app avatar-tiny" }, star()), name),
      el("p", { class: "head-topic" }, "Only you and the app see what is here"),
    );
    return;
  }
  host.replaceChildren(
    el("h1", {}, icon(shape(channel)), name),
    el("p", { class: "head-topic" }, channel.topic || ""),
    members(channel),
  );
}

function drawTabs(host) {
  host.hidden = !store.atApp();
  if (host.hidden) return;
  const had = host.contains(document.activeElement);
  const tab = (id, label) =>
    el(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${id}`,
        class: "tab",
        "aria-selected": store.tab === id,
        "aria-controls": "pane",
        tabindex: store.tab === id ? 0 : -1,
        onclick: () => store.go(store.channelId, { tab: id }),
      },
      label,
    );
  host.replaceChildren(tab("home", "Home"), tab("messages", "Messages"));
  if (had) host.querySelector("[aria-selected=true]").focus();
}

function arrows(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  event.preventDefault();
  store.go(store.channelId, { tab: store.tab === "home" ? "messages" : "home" });
}

/** The list of places at `nav`, the open one's name at `head` and the app's tabs at `tabs`. */
export function mountChannels({ nav, head, tabs, name }) {
  const draw = () => {
    if (!store.state?.dm) return;
    name.textContent = store.state.workspace.name;
    drawPlaces(nav);
    drawHead(head);
    drawTabs(tabs);
  };
  tabs.addEventListener("keydown", arrows);
  store.on("state place", draw);
  store.on("unread", () => store.state?.dm && drawPlaces(nav));
}
