// Links to what stands in this workspace lead there on this page.

import { store } from "./store.js";

const PATH = /^\/archives\/([A-Z0-9]+)(?:\/p(\d+)(\d{6}))?\/?$/;

/** The page's own address for a link to a channel or a message here; null for any other link. */
export function here(url) {
  if (!URL.canParse(url)) return null;
  const { host, pathname } = new URL(url);
  if (host !== `${store.state?.workspace.domain}.slack.com`) return null;
  const [, channel, seconds, micros] = pathname.match(PATH) ?? [];
  if (!channel) return null;
  return store.addressOf(channel, { at: seconds ? `${seconds}.${micros}` : null });
}

/** The attributes of a link; one that leads out of the page does not tell where it came from. */
export function leads(url) {
  const address = here(url);
  if (address) return { href: address };
  return { href: url, target: "_blank", rel: "noopener noreferrer" };
}
