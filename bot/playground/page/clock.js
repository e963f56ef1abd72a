// The workspace's clock, which can be moved forward.

import { api } from "./api.js";
import { el } from "./dom.js";
import { store } from "./store.js";
import { clockTime, fullDate, nextWeekday, shortDay } from "./time.js";

const HOUR = 3600;
const TUESDAY = 2;

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

export function mountClock(host) {
  const face = el("time", { class: "clock-face" });
  const zone = el("span", { class: "clock-zone" });
  const said = el("p", { class: "clock-note", role: "status" }, "Time only goes forward.");

  function tick() {
    const [now, tz] = [store.now(), store.tz()];
    const shown = `${shortDay(now, tz)}, ${clockTime(now, tz)}`;
    if (face.textContent === shown) return;
    face.textContent = shown;
    face.dateTime = new Date(now).toISOString();
    face.title = fullDate(now, tz);
    zone.textContent = city(tz);
  }

  async function jump(move) {
    if (host.getAttribute("aria-busy") === "true") return;
    host.setAttribute("aria-busy", "true");
    try {
      store.setClock(await api.clock(move()));
      said.textContent = `It is now ${shortDay(store.now(), store.tz())}, ${clockTime(store.now(), store.tz())}.`;
    } catch {
      said.textContent = "The clock could not be moved.";
    }
    host.removeAttribute("aria-busy");
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
    said,
  );
  setInterval(tick, 1000);
  store.on("clock state", tick);
}
