import type { Json } from "../../pipeline/artifact/artifact.ts";
import type { Setting } from "../protocol.ts";

/** What a link holds: the setting of both sides, and the stage that is looked at. */
export interface Link {
  readonly a: Setting;
  readonly b?: Setting;
  readonly shown?: string;
}

/**
 * A link as the fragment of an address, without its #: "ring.v_c=50&b:ring.v_c=100&show:scan". Equal links are equal
 * texts. Side b with nothing changed is "b:" alone.
 */
export function fragmentOf({ a, b, shown }: Link): string {
  return [
    ...pieces(a, ""),
    ...(b ? (Object.keys(b).length > 0 ? pieces(b, "b:") : ["b:"]) : []),
    ...(shown === undefined ? [] : [`show:${escaped(shown)}`]),
  ].join("&");
}

const pieces = (setting: Setting, prefix: string): string[] =>
  Object.entries(setting)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, value]) => `${prefix}${escaped(path)}=${escaped(textOf(value))}`);

/** The link that a fragment holds, with or without its #. What is none of its pieces is passed over. */
export function linkOf(fragment: string): Link {
  const [a, b]: [string, Json][][] = [[], []];
  let hasB = false;
  let shown: string | undefined;
  for (const piece of fragment.replace(/^#/, "").split("&")) {
    if (piece.startsWith("show:")) {
      shown = unescaped(piece.slice("show:".length));
      continue;
    }
    const isB = piece.startsWith("b:");
    hasB ||= isB;
    const [path, value] = isB ? piece.slice(2).split(/=(.*)/s) : piece.split(/=(.*)/s);
    if (path && value !== undefined) (isB ? b : a)!.push([unescaped(path), valueIn(unescaped(value))]);
  }
  return {
    a: Object.fromEntries(a!),
    ...(hasB && { b: Object.fromEntries(b!) }),
    ...(shown && { shown }),
  };
}

/** JSON, or the text itself where nobody could take it for JSON. */
export const textOf = (value: Json): string =>
  typeof value === "string" && valueIn(value) === value ? value : JSON.stringify(value);

/** What was meant by a text: JSON where it is some, else the text. */
export function valueIn(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** What browsers leave alone in a fragment and what separates no pieces stays readable. */
const escaped = (text: string): string =>
  encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, "\ufffd")).replaceAll(
    /%(?:5B|5D|2C|2F|40|7B|7D)/g,
    (code) => decodeURIComponent(code),
  );

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
