// The page's only door to the server.

async function answer(response) {
  const body = await response.json().catch(() => null);
  if (body === null) throw new Error(`The workspace answered ${response.status} without a word.`);
  if (!response.ok) throw new Error(body.error ?? `The workspace answered ${response.status}.`);
  return body;
}

async function get(path, query) {
  const wanted = Object.entries(query).filter(([, value]) => value);
  return answer(await fetch(`/_/${path}?${new URLSearchParams(wanted)}`, { cache: "no-store" }));
}

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answer(await fetch(`/_/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

export const api = {
  state: (as) => get("state", { as }),
  messages: (as, channel) => get("messages", { as, channel }),
  command: (as, channel, text) => post("command", { as, channel, text }),
  message: (as, channel, text) => post("message", { as, channel, text }),
  shortcut: (as, what) => post("shortcut", { as, ...what }),
  click: (as, where) => post("click", { as, ...where }),
  submit: (as, view_id, values) => post("submit", { as, view_id, values }),
  close: (as, view_id) => post("close", { as, view_id }),
  home: (as) => post("home", { as }),
  clock: (move) => post("clock", move),
};

const SILENCE = { ok: false, error: "The workspace did not answer. Nothing was sent." };

const trouble = (answer) =>
  answer.ok ? null : (answer.error ?? "That did not work. Try again?");

/** Press something; answers null, or a sentence about what went wrong. */
export async function press(as, where) {
  return trouble(await api.click(as, where).catch(() => SILENCE));
}

/** Press a shortcut, of the message `ts` where one is named; answers as `press` does. */
export async function pressShortcut(as, what) {
  return trouble(await api.shortcut(as, what).catch(() => SILENCE));
}

/** Follows what one person may see; connects again by itself, a little later each time. */
export class Live {
  #socket = null;
  #as = null;
  #timer = 0;
  #tries = 0;

  constructor({ onevent, onopen, onlost }) {
    Object.assign(this, { onevent, onopen, onlost });
  }

  follow(as) {
    this.#as = as;
    clearTimeout(this.#timer);
    this.#connect();
  }

  leave() {
    clearTimeout(this.#timer);
    const old = this.#socket;
    this.#socket = null;
    old?.close();
  }

  #connect() {
    this.leave();
    const address = new URL(`/_/live?${new URLSearchParams({ as: this.#as })}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.onopen = () => this.#current(socket) && this.#opened();
    socket.onmessage = (event) => this.#current(socket) && this.onevent(JSON.parse(event.data));
    socket.onclose = () => this.#current(socket) && this.#lost();
  }

  #current(socket) {
    return socket === this.#socket;
  }

  #opened() {
    this.#tries = 0;
    this.onopen();
  }

  #lost() {
    this.onlost();
    const wait = Math.min(400 * 2 ** this.#tries, 5000);
    this.#tries += 1;
    this.#timer = setTimeout(() => this.#connect(), wait);
  }
}
