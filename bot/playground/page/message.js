// One message: who wrote it and when, what it says, and its menu.

import { press } from "./api.js";
import { picture, renderBlocks } from "./blocks.js";
import { el, icon } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, kindInWords } from "./people.js";
import { messageMenu } from "./shortcuts.js";
import { store } from "./store.js";
import { clockTime, fullDate, tsToMs } from "./time.js";

function act(message, channel) {
  const at = { channel, ts: message.ts };
  return ({ action_id }, { block_id }, choice) =>
    press(store.as, { ...at, block_id, action_id, ...choice });
}

function body(message, channel) {
  const edited = message.edited && el("span", { class: "edited" }, " (edited)");
  if (!message.blocks?.length)
    return el("div", { class: "text" }, mrkdwn(message.text ?? ""), edited);
  const blocks = renderBlocks(message.blocks, { act: act(message, channel) });
  const last = blocks.at(-1);
  if (edited) (last.querySelector(":scope > .text:last-child") ?? last).append(edited);
  return blocks;
}

// What hides a file from a person hides its address too, so who asks is part of it.
function files(message) {
  return (message.files ?? []).map((file) => {
    const url = `/_/file/${encodeURIComponent(file.id)}?as=${encodeURIComponent(store.as)}`;
    if (!file.mimetype.startsWith("image/"))
      return el("p", { class: "block" }, el("a", { href: url, target: "_blank" }, file.name));
    return el(
      "figure",
      { class: "block image" },
      el(
        "a",
        { href: url, target: "_blank", title: "Open the picture by itself" },
        picture(url, file.alt_txt || file.title, "picture"),
      ),
    );
  });
}

function sender(message) {
  return store.person(message.sender?.id) ?? { ...message.sender, real_name: message.sender?.name };
}

function note(message, channel) {
  if (!message.ephemeral) return null;
  const dismiss = () => store.drop(channel, message.ts);
  return el(
    "p",
    { class: "only-you" },
    icon("eye"),
    "Only visible to you",
    el("button", { type: "button", class: "quiet", onclick: dismiss }, "Dismiss"),
  );
}

function when(message, tz) {
  const ms = tsToMs(message.ts);
  return el(
    "time",
    { class: "when", datetime: new Date(ms).toISOString(), title: fullDate(ms, tz) },
    clockTime(ms, tz),
  );
}

function badge(person) {
  if (person.kind === "bot" || person.kind === "slackbot")
    return el("span", { class: "tag" }, "APP");
  const words = person.kind === "external" || person.kind === "guest" ? kindInWords(person) : "";
  return words ? el("span", { class: "tag tag-quiet" }, words) : null;
}

/**
 * One message; `follows` when it goes on right after another of the same sender, `reply` when it
 * stands below the message that it answers.
 */
export function messageNode(message, { channel, follows, reply, tz, marked }) {
  const person = sender(message);
  const head = el(
    "div",
    { class: "message-head" },
    el("strong", { class: "sender" }, person.real_name || person.name),
    badge(person),
    reply && el("span", { class: "tag tag-quiet" }, "Reply"),
    when(message, tz),
  );
  const className = [
    "message",
    follows ? "message-follows" : "",
    reply ? "message-reply" : "",
    message.ephemeral ? "message-ephemeral" : "",
    marked ? "message-marked" : "",
  ]
    .join(" ")
    .trim();
  const main = el(
    "div",
    { class: "message-main" },
    note(message, channel),
    head,
    body(message, channel),
    files(message),
  );
  const menu = messageMenu(message, channel, () => main);
  const led = marked ? { "aria-current": true, tabindex: -1 } : {};
  const props = { class: className, "data-ts": message.ts, ...led };
  return el("li", props, avatar(person), main, menu);
}
