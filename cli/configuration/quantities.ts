import { BadInput } from "../../pipeline/errors.ts";

const sizes: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const times: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Bytes, from "500MB", "1.5 GB"; throws BadInput. */
export const sizeGiven = (option: string, text: string | undefined): number | undefined =>
  quantity(option, text, sizes, "a size like 500MB or 1.5GB");

/** Seconds, from "30d", "12 h"; throws BadInput. */
export const ageGiven = (option: string, text: string | undefined): number | undefined =>
  quantity(option, text, times, "a time like 90min, 12h or 30d");

/** 0 to 1; throws BadInput. */
export function fractionGiven(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= 1) return value;
  throw new BadInput(`--${option} is ${text}, but must be a fraction above 0 and at most 1.`);
}

/** From 0 on; throws BadInput. */
export function countGiven(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new BadInput(`--${option} is ${text}, but must be a whole number from 0 on.`);
}

function quantity(
  option: string,
  text: string | undefined,
  units: Readonly<Record<string, number>>,
  what: string,
): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const known = Object.keys(units).find((each) => each.toLowerCase() === unit.toLowerCase());
  if (number === undefined || known === undefined) {
    throw new BadInput(`--${option} is ${text || '""'}, but must be ${what}.`);
  }
  return Number(number) * units[known]!;
}
