// Instants shown in a person's own time zone.

const cache = new Map();

function formatter(tz, options) {
  const key = tz + JSON.stringify(options);
  if (!cache.has(key))
    cache.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: tz, ...options }));
  return cache.get(key);
}

const show = (options) => (ms, tz) => formatter(tz, options).format(ms);

export const clockTime = show({ hour: "2-digit", minute: "2-digit" });
export const clockSeconds = show({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const longDay = show({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const shortDay = show({ weekday: "short", day: "numeric", month: "short" });
const dayKey = show({ year: "numeric", month: "2-digit", day: "2-digit" });
const mediumDay = show({ day: "numeric", month: "short", year: "numeric" });
const numberDay = show({ day: "2-digit", month: "2-digit", year: "numeric" });
const monthDay = show({ day: "numeric", month: "long", year: "numeric" });

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A message's `ts` as milliseconds. */
export const tsToMs = (ts) => Number(ts) * 1000;

export const sameDay = (a, b, tz) => dayKey(a, tz) === dayKey(b, tz);

/** The full date and the zone, for the tooltip of a time. */
export function fullDate(ms, tz) {
  return `${longDay(ms, tz)} at ${clockSeconds(ms, tz)} (${tz.replaceAll("_", " ")})`;
}

/** "Today", "Yesterday" or the date, as day dividers say it. */
export function dayName(ms, now, tz) {
  if (sameDay(ms, now, tz)) return "Today";
  if (sameDay(ms, now - DAY, tz)) return "Yesterday";
  return longDay(ms, tz);
}

function parts(ms, tz) {
  const fields = {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  };
  const list = formatter(tz, { ...fields, hourCycle: "h23" }).formatToParts(ms);
  return Object.fromEntries(list.map(({ type, value }) => [type, Number(value)]));
}

function offset(ms, tz) {
  const p = parts(ms, tz);
  return (
    Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - Math.floor(ms / 1000) * 1000
  );
}

/** The next instant after `now` at which it is that weekday (0 is Sunday) and hour in `tz`. */
export function nextWeekday(now, tz, { weekday, hour }) {
  const p = parts(now, tz);
  const today = new Date(Date.UTC(p.year, p.month - 1, p.day)).getUTCDay();
  const ahead = (weekday - today + 7) % 7;
  const at = (days) => {
    const wall = Date.UTC(p.year, p.month - 1, p.day + days, hour);
    return wall - offset(wall - offset(wall, tz), tz);
  };
  return at(ahead) > now ? at(ahead) : at(ahead + 7);
}

/** How far away an instant is: "in 3 days"; one day is "tomorrow", or always "in 1 day". */
export function ago(ms, now, numeric = "auto") {
  const words = new Intl.RelativeTimeFormat("en", { numeric });
  const seconds = (ms - now) / 1000;
  const steps = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? steps.at(-1);
  return words.format(Math.round(seconds / size), unit);
}

/** The date format of Slack's `<!date^…>` and rich text dates: `{date_short} at {time}`. */
export function slackDate(ms, format, { tz, now }) {
  const pretty = (plain) => {
    const name = dayName(ms, now, tz);
    return name === "Today" || name === "Yesterday" ? name.toLowerCase() : plain(ms, tz);
  };
  const known = {
    date: () => monthDay(ms, tz),
    date_num: () => numberDay(ms, tz),
    date_slash: () => numberDay(ms, tz),
    date_short: () => mediumDay(ms, tz),
    date_long: () => longDay(ms, tz),
    day_divider_pretty: () => pretty(longDay),
    date_pretty: () => pretty(monthDay),
    date_short_pretty: () => pretty(mediumDay),
    date_long_pretty: () => pretty(longDay),
    time: () => clockTime(ms, tz),
    time_secs: () => clockSeconds(ms, tz),
    ago: () => ago(ms, now),
  };
  return format.replace(/\{(\w+)\}/g, (typed, name) => known[name]?.() ?? typed);
}
