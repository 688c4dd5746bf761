import type { Json } from "./artifact.ts";

/**
 * The one text of a JSON value: keys sorted by code unit, no white space, numbers in ECMAScript's shortest
 * form, −0 kept apart from 0. Equal values have equal text whatever order their properties were written in.
 *
 * @throws TypeError naming the path of anything JSON cannot carry: NaN, infinities, undefined, functions, dates.
 */
export function canonical(value: Json, path = "$"): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${path} is ${value}, which JSON cannot carry`);
    return Object.is(value, -0) ? "-0" : JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    // Array.from, unlike map, visits holes, which are refused like all that is undefined.
    return `[${Array.from(value, (item: Json, index) => canonical(item, `${path}[${index}]`)).join(",")}]`;
  }
  if (typeof value === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item, `${path}.${key}`)}`)
      .join(",")}}`;
  }
  throw new TypeError(`${path} is ${typeof value}, which JSON cannot carry`);
}
