import { BadInput } from "../errors.ts";

/** A URL as it may be shown: without user and password. */
export function redactedUrl(url: string): string {
  const { protocol, host, pathname } = parseRedisUrl(url);
  return `${protocol}//${host}${pathname}`;
}

/** @throws BadInput, which does not repeat the text: it may hold a password */
export function parseRedisUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOne =
    url &&
    /^rediss?:$/.test(url.protocol) &&
    url.hostname !== "" &&
    /^\/?$|^\/\d+$/.test(url.pathname) &&
    // What follows would be options of the client, or the rest of a password that is not encoded.
    url.search + url.hash === "" &&
    isDecodable(url.username) &&
    isDecodable(url.password);
  if (isOne) return url;
  throw new BadInput(
    "The executor is no URL of a Redis: give it as redis://host:port/db or, with a password, " +
      "redis://user:password@host:port/db, special characters percent-encoded; rediss:// for TLS",
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
