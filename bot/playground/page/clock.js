// The workspace's clock, which can be moved forward, and what lies ahead of it.

import { api } from "./api.js";
import { el, focusBack, focusIn } from "./dom.js";
import { store } from "./store.js";
import { ago, clockTime, fullDate, nextWeekday, shortDay } from "./time.js";

const HOUR = 3600;
const TUESDAY = 2;
const SHOWN = 3;

const nextTuesday = () =>
  new Date(nextWeekday(store.now(), store.tz(), { weekday: TUESDAY, hour: 10 })).toISOString();

const JUMPS = [
  { label: "+1 hour", move: () => ({ seconds: HOUR }) },
  { label: "+1 day", move: () => ({ seconds: 24 * HOUR }) },
  { label: "Tue 10:00", name: "Next Tuesday 10:00", move: () => ({ to: nextTuesday() }) },
];

function city(tz) {
  return tz.split("/").at(-1).replaceAll("_", " ");
}

const away = (ms, now) => ago(ms, now, "always");
const dayAndTime = (ms, tz) => `${shortDay(ms, tz)}, ${clockTime(ms, tz)}`;

// What the app does next, each with a way to be there.
function ahead(jump, fallback) {
  const title = el("p", { class: "ahead-title", id: "ahead-title" }, "What comes next");
  const list = el("ol", { "aria-labelledby": "ahead-title" });
  const part = el("div", { class: "ahead", hidden: true }, title, list);
  let drawn = "";

  function row({ name, at }, place, now, tz) {
    const when = dayAndTime(at, tz);
    const go = el(
      "button",
      {
        type: "button",
        class: "jump",
        "data-key": `ahead/${place}`,
        "aria-label": `Jump to ${name}, ${when}`,
        onclick: () => jump(() => ({ to: new Date(at).toISOString() })),
      },
      "Jump",
    );
    return el(
      "li",
      { class: "ahead-one" },
      el("span", { class: "ahead-name" }, name),
      go,
      el(
        "p",
        { class: "ahead-when" },
        el("time", { datetime: new Date(at).toISOString(), title: fullDate(at, tz) }, when),
        ` · ${away(at, now)}`,
      ),
    );
  }

  function draw() {
    const [now, tz] = [store.now(), store.tz()];
    const next = store.ahead.filter(({ at }) => at > now).slice(0, SHOWN);
    const shows = JSON.stringify([tz, next.map(({ name, at }) => [name, at, away(at, now)])]);
    if (shows === drawn) return;
    drawn = shows;
    const was = focusIn(list);
    part.hidden = !next.length;
    list.replaceChildren(...next.map((one, place) => row(one, place, now, tz)));
    if (was && !focusBack(list, was)) fallback().focus();
  }

  return { part, draw };
}

export function mountClock(host) {
  const face = el("time", { class: "clock-face" });
  const zone = el("span", { class: "clock-zone" });
  const said = el("p", { class: "clock-note", role: "status" }, "Time only goes forward.");
  const coming = ahead(jump, () => host.querySelector(".jumps .jump"));

  const jumping = () => host.getAttribute("aria-busy") === "true";

  function tick() {
    if (!jumping()) coming.draw(); // on the way, what comes next is another thing at every stop
    const [now, tz] = [store.now(), store.tz()];
    const shown = dayAndTime(now, tz);
    if (face.textContent === shown) return;
    face.textContent = shown;
    face.dateTime = new Date(now).toISOString();
    face.title = fullDate(now, tz);
    zone.textContent = city(tz);
  }

  async function jump(move) {
    if (jumping()) return;
    host.setAttribute("aria-busy", "true");
    try {
      store.setClock(await api.clock(move()));
      said.textContent = `It is now ${dayAndTime(store.now(), store.tz())}.`;
    } catch {
      said.textContent = "The clock could not be moved.";
    }
    host.removeAttribute("aria-busy");
    coming.draw();
  }

  const button = ({ label, name, move }) =>
    el(
      "button",
      {
        type: "button",
        class: "jump",
        title: name,
        "aria-label": name ?? null,
        onclick: () => jump(move),
      },
      label,
    );
  host.replaceChildren(
    el("p", { class: "clock-line" }, face, zone),
    el(
      "div",
      { class: "jumps", role: "group", "aria-label": "Move the clock forward" },
      JUMPS.map(button),
    ),
    coming.part,
    said,
  );
  setInterval(tick, 1000);
  store.on("clock state", tick);
}
