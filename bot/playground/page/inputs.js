// The controls of a form. Each gives its node, the element to focus, and reads its value.

import { channelItem, findChannels, findPeople, personItem } from "./complete.js";
import { Combobox } from "./combobox.js";
import { el } from "./dom.js";
import { store } from "./store.js";
import { text, words } from "./texts.js";

// An app that wants every character is told once the typing rests for a moment.
const QUIET = 300;

const key = (part, env) => `${env.block.block_id}/${part.action_id}`;

function plainText(part, env) {
  const tag = part.multiline ? "textarea" : "input";
  const size = part.multiline ? { rows: 4 } : { type: "text" };
  const field = el(tag, {
    id: env.id,
    class: "input",
    ...size,
    placeholder: words(part.placeholder),
    autocomplete: "off",
    "data-key": key(part, env),
  });
  field.value = env.initial ?? part.initial_value ?? "";
  const counter = part.max_length ? el("p", { class: "counter", id: `${env.id}-count` }) : null;
  const count = () => {
    if (!counter) return;
    const length = [...field.value].length;
    counter.textContent = `${length} of ${part.max_length}`;
    counter.classList.toggle("counter-over", length > part.max_length);
  };
  const asked = part.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let soon = 0;
  field.addEventListener("input", () => {
    count();
    env.changed();
    if (!env.tell || !asked.includes("on_character_entered")) return;
    clearTimeout(soon);
    soon = setTimeout(() => field.isConnected && env.tell(), QUIET);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || part.multiline || !env.tell) return;
    if (!asked.includes("on_enter_pressed")) return;
    clearTimeout(soon);
    event.preventDefault();
    env.tell();
  });
  count();
  return {
    node: el("div", {}, field, counter),
    focus: field,
    read: () => field.value,
    extra: counter?.id,
  };
}

function optionLabel(option) {
  const detail = option.description ? ` (${words(option.description)})` : "";
  return words(option.text) + detail;
}

function select(part, env) {
  const field = el("select", { id: env.id, class: "input", "data-key": key(part, env) });
  const options = (list) =>
    list.map((option) => el("option", { value: option.value }, optionLabel(option)));
  const groups = (part.option_groups ?? []).map((group) =>
    el("optgroup", { label: words(group.label) }, options(group.options)),
  );
  field.append(
    el("option", { value: "" }, words(part.placeholder) || "Choose"),
    ...options(part.options ?? []),
    ...groups,
  );
  field.value = (env.initial !== undefined ? env.initial : part.initial_option?.value) ?? "";
  field.addEventListener("change", () => env.changed());
  return {
    node: el("div", { class: "select" }, field),
    focus: field,
    read: () => field.value || null,
  };
}

function choice(part, env, { type, chosen }) {
  const option = (o, i) => {
    const props = {
      type,
      name: env.id,
      id: `${env.id}-${i}`,
      value: o.value,
      checked: chosen.includes(o.value),
      "data-key": `${key(part, env)}/${o.value}`,
    };
    const detail = o.description && el("span", { class: "choice-detail" }, text(o.description));
    return el(
      "label",
      { class: "choice" },
      el("input", { ...props, onchange: () => env.changed() }),
      el("span", { class: "choice-words" }, el("span", {}, text(o.text)), detail),
    );
  };
  return el("div", { class: "choices" }, part.options.map(option));
}

function radios(part, env) {
  const start = env.initial !== undefined ? env.initial : part.initial_option?.value;
  const node = choice(part, env, { type: "radio", chosen: [start] });
  return {
    node,
    group: "radiogroup",
    focus: node.querySelector("input"),
    read: () => node.querySelector(":checked")?.value ?? null,
  };
}

function checkboxes(part, env) {
  const start = env.initial ?? part.initial_options?.map((o) => o.value) ?? [];
  const node = choice(part, env, { type: "checkbox", chosen: start });
  const read = () => [...node.querySelectorAll(":checked")].map((box) => box.value);
  return { node, group: "group", focus: node.querySelector("input"), read };
}

function combo(part, env, { find, row, chosen, most }) {
  const box = new Combobox({
    id: env.id,
    label: env.label,
    placeholder: words(part.placeholder) || "Type a name",
    find,
    row,
    chosen,
    most,
    onchange: env.changed,
  });
  box.input.dataset.key = key(part, env);
  box.input.value = env.begun ?? "";
  return {
    begun: () => box.input.value,
    node: box.node,
    focus: box.input,
    read: () => (part.type.startsWith("multi_") ? box.chosen : (box.chosen[0] ?? null)),
  };
}

// The browser's own picker, which knows the keyboard and how days are written where one lives.
function day(part, env) {
  const field = el("input", {
    id: env.id,
    class: "input",
    type: "date",
    "data-key": key(part, env),
  });
  field.value = (env.initial !== undefined ? env.initial : part.initial_date) ?? "";
  field.addEventListener("change", () => env.changed());
  return { node: el("div", {}, field), focus: field, read: () => field.value || null };
}

const list = (value) => (Array.isArray(value) ? value : value ? [value] : []);
const unknownRow = (id) => ({ id, label: id });

function people(part, env, { most }) {
  const start = env.initial !== undefined ? env.initial : (part.initial_users ?? part.initial_user);
  const there = () => store.state.people.filter((person) => person.kind !== "deactivated");
  const row = (id) => (store.person(id) ? personItem(store.person(id)) : unknownRow(id));
  return combo(part, env, {
    find: (typed) => findPeople(typed, there()).map(personItem),
    row,
    chosen: list(start),
    most,
  });
}

function channels(part, env) {
  const own = part.default_to_current_conversation ? store.channel(store.channelId)?.id : null;
  const start =
    env.initial !== undefined
      ? env.initial
      : (part.initial_conversation ?? part.initial_channel ?? own);
  const kinds = part.type === "channels_select" ? ["public"] : part.filter?.include;
  const fits = (channel) =>
    !channel.is_archived && (!kinds || kinds.includes(channel.is_private ? "private" : "public"));
  const row = (id) => (store.channel(id) ? channelItem(store.channel(id)) : unknownRow(id));
  const find = (typed) => findChannels(typed, store.state.channels.filter(fits)).map(channelItem);
  return combo(part, env, { find, row, chosen: list(start), most: 1 });
}

const CONTROLS = {
  plain_text_input: plainText,
  static_select: select,
  radio_buttons: radios,
  checkboxes,
  users_select: (part, env) => people(part, env, { most: 1 }),
  multi_users_select: (part, env) =>
    people(part, env, { most: part.max_selected_items ?? Infinity }),
  datepicker: day,
  conversations_select: channels,
  channels_select: channels,
};

/** The control of an input element, or null for a kind that is not known here. */
export function control(part, env) {
  return CONTROLS[part.type]?.(part, env) ?? null;
}
