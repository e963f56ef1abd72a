// Faces, and the switch that says as whom one acts.

import { el, icon, star } from "./dom.js";
import { openMenu } from "./menu.js";
import { store } from "./store.js";

const KINDS = {
  admin: "Admin",
  owner: "Owner",
  guest: "Guest",
  deactivated: "Deactivated",
  pending: "Invited, has not joined yet",
  bot: "App",
  slackbot: "Slackbot",
};

/** The role of a person in words; a plain member has none. */
export function kindInWords(person) {
  if (person.kind === "external") return `From ${person.team || "a partner company"}`;
  return KINDS[person.kind] ?? "";
}

/** "Admin, Head of care": what is worth knowing beside a name. */
export function about(person) {
  return [kindInWords(person), person.title].filter(Boolean).join(" · ");
}

// Whether white or ink can be read better on that colour (WCAG's contrast).
function inkFor(hex) {
  const parts = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);
  const [r, g, b] = parts.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.0616 ? "#ffffff" : "#101a17";
}

/** Initials on the person's colour; the app has its own mark. */
export function avatar(person, size = "") {
  const className = `avatar ${size}`.trim();
  const isApp = person && person.id === store.state?.app?.bot_user_id;
  if (isApp) return el("span", { class: `${className} avatar-app`, "aria-hidden": true }, star());
  const name = person?.real_name || person?.name || "?";
  const node = el(
    "span",
    { class: className, "aria-hidden": true },
    person?.initials || name[0].toUpperCase(),
  );
  const hex = (person?.color ?? "6b7280").replace("#", "");
  node.style.backgroundColor = `#${hex}`;
  node.style.color = inkFor(hex);
  return node;
}

function choices() {
  return store.state.people
    .filter((person) => !["bot", "slackbot"].includes(person.kind))
    .map((person) => ({
      id: person.id,
      label: person.real_name || person.name,
      detail: [about(person), person.can_act ? "" : "cannot act"].filter(Boolean).join(" · "),
      mark: avatar(person, "avatar-small"),
      chosen: person.id === store.as,
      disabled: !person.can_act,
    }));
}

function draw(host, face) {
  const me = store.me();
  if (!me) return;
  face.replaceChildren(avatar(me, "avatar-small"));
  const name = me.real_name || me.name;
  const had = host.contains(document.activeElement);
  const open = (event) =>
    openMenu(event.currentTarget, {
      label: "Act as",
      items: choices(),
      onpick: ({ id }) => store.actAs(id),
    });
  const button = el(
    "button",
    {
      type: "button",
      class: "acting",
      "aria-haspopup": "menu",
      "aria-expanded": false,
      onclick: open,
    },
    avatar(me),
    el(
      "span",
      { class: "acting-words" },
      el("span", { class: "acting-label" }, "Acting as "),
      el("span", { class: "acting-name" }, name),
      el("span", { class: "acting-about" }, about(me) || "Member"),
    ),
    icon("down"),
  );
  host.replaceChildren(button);
  if (had) button.focus();
}

/** The switch at `host`, and at `face` who acts, for where the switch is out of sight. */
export function mountPeople(host, face) {
  store.on("state", () => draw(host, face));
}
