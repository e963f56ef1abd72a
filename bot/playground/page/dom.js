// Elements are always built node by node, so nothing that people write can become markup.

const SVG = "http://www.w3.org/2000/svg";

function set(node, key, value) {
  if (value === null || value === undefined) return;
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key.startsWith("aria-")) node.setAttribute(key, String(value));
  else if (value !== false) node.setAttribute(key, value === true ? "" : String(value));
}

const isThere = (child) => child !== null && child !== undefined && child !== false;

/** One element with its attributes, listeners (`onclick`) and children; absent ones are left out. */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) set(node, key, value);
  node.append(...children.flat(Infinity).filter(isThere));
  return node;
}

const SHAPES = {
  hash: ["M9 4 7 20", "M17 4l-2 16", "M4.5 9h16", "M3.5 15h16"],
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  menu: ["M4 7h16", "M4 12h16", "M4 17h16"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  send: ["M4 12 20 5l-5 15-3.5-6z", "M11.5 14 20 5"],
  down: ["M6 9.5l6 6 6-6"],
  more: ["M4.6 12h.8", "M11.6 12h.8", "M18.6 12h.8"],
  bolt: ["M13 3 5 14h6l-1 7 8-11h-6z"],
  eye: ["M3 12c3-5 6-7 9-7s6 2 9 7c-3 5-6 7-9 7s-6-2-9-7z", "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"],
  people: [
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
    "M3 20c0-4 2.5-6 6-6s6 2 6 6",
    "M16 4.5a3.5 3.5 0 0 1 0 6.2",
    "M17.5 14.3c2.2.8 3.5 2.7 3.5 5.7",
  ],
  picture: ["M4 5h16v14H4z", "M4 16l5-5 4 4 3-3 4 4", "M15.5 9h.01"],
};

function svg(className, shapes) {
  const node = document.createElementNS(SVG, "svg");
  node.setAttribute("viewBox", "0 0 24 24");
  node.setAttribute("class", className);
  node.setAttribute("aria-hidden", "true");
  for (const [part, d] of shapes) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    if (part) path.setAttribute("class", part);
    node.append(path);
  }
  return node;
}

/** A line icon by name; it is decoration, the words beside it carry the meaning. */
export function icon(name) {
  return svg(
    `icon icon-${name}`,
    SHAPES[name].map((d) => ["", d]),
  );
}

/** The app's own mark: a compass star. */
export function star() {
  return svg("star", [
    ["star-east", "M12 1.5 14.2 9.8 22.5 12 14.2 14.2 12 22.5z"],
    ["star-west", "M12 1.5 9.8 9.8 1.5 12 9.8 14.2 12 22.5z"],
  ]);
}

const byKey = (key) => `[data-key="${CSS.escape(key)}"]`;
const byAction = (key) => `[data-key$="/${CSS.escape(key.split("/").slice(1).join("/"))}"]`;
const rowOf = (root, ts) => (ts && root.querySelector(`[data-ts="${CSS.escape(ts)}"]`)) || root;

/** Where the focus is inside `root`, in a form that survives a redraw; null when it is elsewhere. */
export function focusIn(root) {
  const node = root.contains(document.activeElement) ? document.activeElement : null;
  const keyed = node?.closest("[data-key]");
  if (!keyed) return null;
  const { key } = keyed.dataset;
  const ts = keyed.closest("[data-ts]")?.dataset.ts ?? null;
  const nth = [...rowOf(root, ts).querySelectorAll(byAction(key))].indexOf(keyed);
  return { key, ts, nth, from: node.selectionStart ?? null, to: node.selectionEnd ?? null };
}

/**
 * Put the focus, and the caret, back where it was, if that control is still there.
 * A block that the app did not name has another name each time: then its place among its like tells.
 */
export function focusBack(root, was) {
  const row = was && rowOf(root, was.ts);
  const node = row?.querySelector(byKey(was.key)) ?? row?.querySelectorAll(byAction(was.key))[was.nth];
  if (!node) return false;
  node.focus();
  if (was.from !== null) node.setSelectionRange(was.from, was.to);
  return true;
}

/** Make `rows` the children of `host`; rows that stay are not touched, so focus and reading stay too. */
export function settle(host, rows) {
  const wanted = new Set(rows);
  for (const child of [...host.children]) if (!wanted.has(child)) child.remove();
  rows.forEach((row, i) => {
    if (host.children[i] !== row) host.insertBefore(row, host.children[i] ?? null);
  });
}

/** A value kept in this browser; a browser that keeps nothing only forgets. */
export const keep = {
  read(key) {
    try {
      return localStorage.getItem(`playground.${key}`);
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(`playground.${key}`, value);
    } catch {
      // Storage is switched off: the page works, it only does not remember.
    }
  },
};
