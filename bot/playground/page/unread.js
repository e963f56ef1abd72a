// What arrived elsewhere, remembered per person in this browser.

import { keep } from "./dom.js";

export class Unread {
  #store;
  #counts = new Map();

  constructor(store) {
    this.#store = store;
  }

  #key = (channel) => `read.${this.#store.as}.${channel}`;
  #mapKey = (channel) => `${this.#store.as} ${channel}`;

  count(channel) {
    return this.#counts.get(this.#mapKey(channel)) ?? 0;
  }

  #set(channel, count) {
    this.#counts.set(this.#mapKey(channel), count);
    this.#store.tell("unread");
  }

  #newest(channel) {
    return Number(this.#store.messages.get(channel)?.at(-1)?.ts ?? 0);
  }

  /** Everything in this place has been seen. */
  read(channel) {
    const newest = this.#newest(channel);
    if (newest) keep.write(this.#key(channel), String(newest));
    this.#set(channel, 0);
  }

  arrived(channel, message) {
    if (this.#store.sees(channel)) this.read(channel);
    else if (message.sender?.id !== this.#store.as) this.#set(channel, this.count(channel) + 1);
  }

  // What was there before this browser first looked counts as read.
  #baseline() {
    const now = this.#store.now() / 1000;
    const known = Number(keep.read("since") ?? Infinity);
    if (known <= now) return known;
    keep.write("since", String(now));
    return now;
  }

  /** Count what came while this person was not looking. */
  survey() {
    const since = this.#baseline();
    for (const [channel, messages] of this.#store.messages) {
      if (this.#store.sees(channel)) this.read(channel);
      else if (this.#store.follows(channel)) {
        const seen = Math.max(since, Number(keep.read(this.#key(channel)) ?? 0));
        const fresh = messages.filter(
          (m) => Number(m.ts) > seen && m.sender?.id !== this.#store.as,
        );
        this.#set(channel, fresh.length);
      }
    }
  }
}
