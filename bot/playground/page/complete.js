// What may be meant by what is being typed: commands, people, channels, emoji.

import { el, icon } from "./dom.js";
import { findEmoji } from "./emoji.js";
import { about, avatar } from "./people.js";
import { store } from "./store.js";

const MOST = 8;

const KINDS = [
  { kind: "command", pattern: /^\/(\S*)$/ },
  { kind: "person", pattern: /(?:^|[\s(])@([\p{L}\p{N}._-]*)$/u },
  { kind: "channel", pattern: /(?:^|[\s(])#([\p{L}\p{N}._-]*)$/u },
  { kind: "emoji", pattern: /(?:^|[\s(]):([a-z0-9_+-]{2,})$/ },
];

/** The word under the caret that can be completed: its kind, what was typed and where it begins. */
export function wordAt(text, caret) {
  const before = text.slice(0, caret);
  for (const { kind, pattern } of KINDS) {
    const typed = before.match(pattern)?.[1];
    if (typed !== undefined)
      return { kind, typed: typed.toLowerCase(), from: caret - typed.length - 1 };
  }
  return null;
}

// 0 where a name begins with what was typed, 1 where one of its words does, 2 where it is inside.
function rank(typed, names) {
  const folded = names.map((name) => (name ?? "").toLowerCase());
  if (folded.some((name) => name.startsWith(typed))) return 0;
  if (folded.some((name) => name.split(/[\s._-]+/).some((word) => word.startsWith(typed))))
    return 1;
  return folded.some((name) => name.includes(typed)) ? 2 : 3;
}

function best(list, typed, names) {
  return list
    .map((value) => ({ value, rank: rank(typed, names(value)) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
}

/** People for what was typed, by handle and real name; who acts comes last. */
export function findPeople(typed, people = store.state.people) {
  const found = best(people, typed, (person) => [person.name, person.real_name]);
  const able = (person) => (person.id === store.as ? 2 : person.can_act ? 0 : 1);
  return typed ? found : found.sort((a, b) => able(a) - able(b));
}

export const findChannels = (typed, channels = store.state.channels) =>
  best(channels.filter((channel) => !channel.is_direct), typed, (channel) => [channel.name]);

/** A person as a row of a list. */
export function personItem(person) {
  const name = person.real_name || person.name;
  return {
    id: person.id,
    insert: `@${person.name}`,
    label: name,
    detail: [`@${person.name}`, about(person)].filter(Boolean).join(" · "),
    mark: avatar(person, "avatar-small"),
  };
}

/** A channel as a row of a list. */
export function channelItem(channel) {
  const mark = el("span", { class: "item-mark" }, icon(channel.is_private ? "lock" : "hash"));
  return {
    id: channel.id,
    insert: `#${channel.name}`,
    label: channel.name,
    detail: channel.is_archived ? "archived" : channel.topic,
    mark,
  };
}

const people = (count) => `${count} ${count === 1 ? "person" : "people"}`;

// Only a group that was chosen is a mention: `token` is what goes out for what is written.
function groupItem({ id, handle, name, count }) {
  return {
    insert: `@${handle}`,
    token: `<!subteam^${id}>`,
    label: name,
    detail: `@${handle} · ${people(count)}`,
    mark: el("span", { class: "item-mark" }, icon("people")),
  };
}

const findGroups = (typed) =>
  best(store.state.usergroups, typed, (group) => [group.handle, group.name]).map(groupItem);

function commandItem({ command, description, usage_hint: hint }) {
  return {
    insert: command,
    label: [command, hint].filter(Boolean).join(" "),
    detail: description,
    mark: el("span", { class: "item-mark" }, "/"),
  };
}

const everyone = (typed) =>
  ["channel", "here"]
    .filter((name) => typed && name.startsWith(typed))
    .map((name) => ({
      insert: `@${name}`,
      label: `@${name}`,
      detail: "Notifies everybody here",
      mark: el("span", { class: "item-mark" }, "@"),
    }));

const FIND = {
  command: (typed) =>
    best(store.commands(), typed, (c) => [c.command.slice(1)]).map(commandItem),
  person: (typed) => {
    const people = findPeople(typed).slice(0, MOST).map(personItem);
    return [...people, ...findGroups(typed), ...everyone(typed)];
  },
  channel: (typed) => findChannels(typed).slice(0, MOST).map(channelItem),
  emoji: (typed) =>
    findEmoji(typed, MOST).map(({ name, char }) => ({
      insert: `:${name}:`,
      label: `:${name}:`,
      mark: el("span", { class: "item-mark emoji" }, char),
    })),
};

/** The suggestions for a word, and which of them Enter takes (-1: none, Enter sends). */
export function suggest(word, text) {
  const items = FIND[word.kind](word.typed);
  const done = items.some((item) => item.insert.slice(1).toLowerCase() === word.typed);
  // A #word in a command may be the app's own, such as a value: it is only completed on request.
  const asked = word.kind === "channel" && text.startsWith("/");
  return { items, active: (word.kind === "command" && done) || asked ? -1 : 0 };
}

/** What was written, as it goes out: chosen words as the mentions they stand for, others as typed. */
export const spoken = (text, chosen) =>
  text.replace(/(?<![^\s(])@[\p{L}\p{N}._-]*[\p{L}\p{N}]/gu, (word) => chosen.get(word) ?? word);
