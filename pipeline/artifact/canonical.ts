import type { Json } from "./artifact.ts";

/**
 * The one text of a JSON value: keys sorted by code unit, no white space, numbers in ECMAScript's shortest
 * form, −0 kept apart from 0. Equal values have equal text whatever order their properties were written in.
 *
 * @throws TypeError naming the path of anything JSON cannot carry: NaN, infinities, undefined, functions, dates.
 */
export function canonical(value: Json): string {
  path.length = 0;
  return textOf(value);
}

/** Where in the value `textOf` is: spelt out only for an error, for keys are made by the hundred thousand. */
const path: (string | number)[] = [];

function textOf(value: Json): string {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw offence(String(value));
    return Object.is(value, -0) ? "-0" : String(value);
  }
  if (Array.isArray(value)) {
    let text = "";
    // By index, which unlike map visits holes: they are refused like all that is undefined.
    for (let index = 0; index < value.length; index += 1) {
      text += `${index === 0 ? "" : ","}${within(index, value[index])}`;
    }
    return `[${text}]`;
  }
  if (typeof value !== "object" || !plain.includes(Object.getPrototypeOf(value))) throw offence(typeof value);
  const object = value as { readonly [key: string]: Json };
  const keys = Object.keys(object).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${within(key, object[key]!)}`).join(",")}}`;
}

const plain: readonly unknown[] = [Object.prototype, null];

function within(step: string | number, value: Json): string {
  path.push(step);
  const text = textOf(value);
  path.pop();
  return text;
}

function offence(what: string): TypeError {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
  return new TypeError(`$${steps.join("")} is ${what}, which JSON cannot carry`);
}
