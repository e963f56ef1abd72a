// Text objects: plain_text and mrkdwn.

import { emojify } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** A text object as plain words, for labels and names. */
export function words(text) {
  if (!text) return "";
  return text.type === "plain_text" && text.emoji ? emojify(text.text) : text.text;
}

/** A text object as nodes. */
export function text(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : [words(object)];
}
