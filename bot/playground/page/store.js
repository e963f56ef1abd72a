// What the page knows, and the events that say it changed:
// state, place, messages, views, home, clock, link, unread, sent, thanked, lost.

import { api, Live } from "./api.js";
import { keep } from "./dom.js";
import { Unread } from "./unread.js";

const APP = "app";
const without = (list, ts) => list.filter((message) => message.ts !== ts);
const byTime = (a, b) => Number(a.ts) - Number(b.ts);

// A list of messages after what was heard about it.
function after(list, event) {
  if (event.type === "message_deleted") return without(list, event.ts);
  return [...without(list, event.message.ts), event.message].sort(byTime);
}

class Store extends EventTarget {
  state = null;
  as = null;
  channelId = null;
  tab = null;
  link = "opening";
  messages = new Map();
  unread = new Unread(this);
  ahead = []; // what the app does next, by name
  #fetches = 0;
  #turn = 0;
  #target = null;
  #shown = 0;
  #journal = [];
  #clock = { now: Date.now(), read: performance.now() };
  #live = new Live({
    onevent: (event) => this.#heard(event),
    onopen: () => this.#connected(),
    onlost: () => this.#setLink("lost"),
  });

  tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  on(names, listener) {
    for (const name of names.split(" "))
      this.addEventListener(name, (event) => listener(event.detail));
  }

  // Looking things up

  person = (id) => this.state?.people.find((person) => person.id === id) ?? null;
  group = (id) => this.state?.usergroups.find((group) => group.id === id) ?? null;
  channel = (id) => this.state?.channels.find((channel) => channel.id === id) ?? null;
  /** A place's name as it is said: channels have their mark, people do not. */
  nameOf = (channel) => (channel.is_direct ? channel.name : `#${channel.name}`);
  me = () => this.person(this.as);
  tz = () => this.me()?.tz || "UTC";
  /** The commands of the acting person: an app's are for its own workspace's people only. */
  commands = () => (this.me()?.kind === "external" ? [] : (this.state?.app.commands ?? []));
  now = () => this.#clock.now + performance.now() - this.#clock.read;
  atApp = () => this.channelId === this.state?.dm?.id;
  follows = (id) => id === this.state?.dm?.id || Boolean(this.channel(id)?.is_member);
  sees = (channel) =>
    channel === this.channelId && !(this.atApp() && this.tab === "home") && !document.hidden;
  views = () => this.state?.views ?? [];

  /** The address of a place as the acting person sees it. */
  addressOf(channel, { as = this.as, tab = null, at = null } = {}) {
    const query = new URLSearchParams({ as, in: channel });
    if (tab) query.set("tab", tab);
    if (at) query.set("at", at);
    return `#${query}`;
  }

  // Arriving and moving

  /** Follow the address: who acts, and where. */
  async arrive() {
    const as = new URLSearchParams(location.hash.slice(1)).get("as") ?? this.as ?? keep.read("as");
    if (this.state === null || as !== this.as) await this.#become(as);
    if (this.state !== null) this.#enter();
  }

  /** The message that the address led to, told once. */
  takeTarget() {
    const target = this.#target;
    this.#target = null;
    return target;
  }

  go(channel, options) {
    location.hash = this.addressOf(channel, options);
  }

  actAs(id) {
    keep.write("as", id);
    // Everybody has a conversation of their own with the app.
    const place = this.atApp() ? APP : (this.channelId ?? "");
    location.hash = `#${new URLSearchParams({ as: id, in: place, tab: this.tab ?? "" })}`;
  }

  async #become(as) {
    this.#live.leave();
    this.messages.clear();
    if (this.state) this.state = { ...this.state, views: [], home: null };
    if (as) this.as = as;
    await this.refresh();
    this.#live.follow(this.as ?? "");
  }

  #enter() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const { channels, dm } = this.state;
    const channel = wanted.get("in") === APP ? dm?.id : wanted.get("in");
    const at = wanted.get("at");
    const tab = wanted.get("tab") || (at && "messages");
    const known = channel === dm?.id || this.channel(channel);
    const first = channels.find((c) => c.is_member && !c.is_archived) ?? channels[0];
    this.channelId = known ? channel : (first?.id ?? dm?.id ?? null);
    this.tab = this.atApp() ? tab || (this.unread.count(dm.id) ? "messages" : "home") : null;
    history.replaceState(null, "", this.addressOf(this.channelId, { tab: this.tab }));
    this.#target = known ? at : null;
    this.seen();
    this.tell("place");
    if (at && !known) this.tell("lost", `${this.me()?.real_name} cannot see that message.`);
    this.load(this.channelId);
  }

  seen() {
    if (this.channelId && this.sees(this.channelId)) this.unread.read(this.channelId);
  }

  // Fetching

  /** Fetch the state of the workspace again, for instance after a form was sent. */
  async refresh() {
    const asked = this.as;
    const turn = (this.#turn += 1);
    try {
      const { answer: state, missed } = await this.#fetch(() => api.state(asked));
      if (asked !== this.as || turn < this.#shown) return;
      this.#shown = turn;
      this.state = state;
      this.as = typeof state.me === "string" ? state.me : state.me.id;
      this.setClock(state.clock);
      for (const event of missed) if (!event.channel && event.type !== "state") this.#hear(event);
      this.tell("state");
      this.tell("views");
      this.tell("home");
    } catch {
      this.#setLink("lost");
    }
  }

  /** Have the messages of a place; a place that was read before is only fetched when asked again. */
  async load(channel, { again = false } = {}) {
    if (!channel || (this.messages.has(channel) && !again)) return this.tell("messages", channel);
    const as = this.as;
    const { answer, missed } = await this.#fetch(() => api.messages(as, channel).catch(() => null));
    if (answer === null || as !== this.as) return null;
    const about = missed.filter((event) => event.channel === channel);
    this.messages.set(channel, about.reduce(after, answer.messages));
    if (this.sees(channel)) this.unread.read(channel);
    return this.tell("messages", channel);
  }

  // What is heard while an answer is on its way may be newer than the answer.
  async #fetch(ask) {
    const from = this.#journal.length;
    this.#fetches += 1;
    try {
      const answer = await ask();
      return { answer, missed: this.#journal.slice(from) };
    } finally {
      this.#fetches -= 1;
      if (!this.#fetches) this.#journal = [];
    }
  }

  async #connected() {
    await this.refresh();
    if (this.state === null) return;
    this.#setLink("open");
    if (this.channelId === null) this.#enter();
    const { channels, dm } = this.state;
    const places = [dm?.id, ...channels.filter((c) => c.is_member).map((c) => c.id)];
    await Promise.all(places.map((id) => this.load(id, { again: true })));
    this.unread.survey();
    document.documentElement.dataset.settled = ""; // from here on, what comes is news
  }

  // Hearing

  #heard(event) {
    if (this.#fetches) this.#journal.push(event);
    this.#hear(event);
  }

  #hear(event) {
    const hear = {
      message: () => this.#put(event),
      message_changed: () => this.#put(event),
      message_deleted: () => this.drop(event.channel, event.ts),
      views: () => this.setViews(event.views),
      home: () => this.setHome(event.view),
      clock: () => this.setClock(event.clock),
      state: () => this.refresh(),
    };
    hear[event.type]?.();
  }

  #put(event) {
    const { channel, message } = event;
    const list = this.messages.get(channel);
    const known = list?.some(({ ts }) => ts === message.ts);
    if (list) this.messages.set(channel, after(list, event));
    if (!known && this.follows(channel)) this.unread.arrived(channel, message);
    this.tell("messages", channel);
  }

  /** Take a message off the page: deleted, or an ephemeral one that was dismissed. */
  drop(channel, ts) {
    if (this.messages.has(channel))
      this.messages.set(channel, without(this.messages.get(channel), ts));
    this.tell("messages", channel);
  }

  setViews(views) {
    if (this.state) this.state.views = views;
    this.tell("views");
  }

  setHome(view) {
    if (this.state) this.state.home = view;
    this.tell("home");
  }

  setClock(clock) {
    this.#clock = { now: Date.parse(clock.now), read: performance.now() };
    this.ahead = clock.next.map(({ name, at }) => ({ name, at: Date.parse(at) }));
    this.tell("clock");
  }

  #setLink(link) {
    if (this.link === link) return;
    this.link = link;
    this.tell("link");
  }
}

export const store = new Store();
