/** How numbers, sizes, times and hashes are written for people. */

/** "<0.01 s", "0.04 s", "3.2 s", "42 s", "3 min 05 s", "2 h 03 min" */
export function duration(seconds: number): string {
  if (seconds < 0.005) return "<0.01 s";
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");

/** "512 B", "1.3 MB": powers of 1000 */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

/** At most six digits: enough to recognise a number by. */
export function number(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : String(Number(value.toPrecision(6)));
}

/** "256 ± 143": so many digits that the standard deviation has three. */
export function spread(mean: number, sd: number): string {
  if (!(sd > 0)) return `${number(mean)} ± 0`;
  const decimals = Math.min(Math.max(2 - Math.floor(Math.log10(sd)), 0), 15);
  return `${mean.toFixed(decimals)} ± ${sd.toFixed(decimals)}`;
}

/** "15,625" */
export const whole = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** "1 stage", "15,625 points" */
export const counted = (count: number, noun: string): string =>
  `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;

/** The beginning of a hash: enough to tell two apart. */
export const short = (hash: string): string => hash.slice(0, 12);

/** "2025-01-31 12:05:00", local time, of an ISO 8601 time. */
export function moment(iso: string): string {
  const date = new Date(iso);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":")}`;
}

/** A parameter's value as it was given, exactly: "300", "[-50, 200]", "nothing". Text is quoted if asked for. */
export function valueText(value: unknown, quoted = false): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return quoted ? JSON.stringify(value) : value;
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item, quoted)).join(", ")}]`;
  return typeof value === "object" ? (JSON.stringify(value) ?? String(value)) : String(value);
}

/** A value with its unit, which only numbers have: "-5 mm/s", "\"fast\"". */
export function quantityText(value: unknown, unit: string, quoted = true): string {
  const isNumeric = [value].flat(2).some((item) => typeof item === "number");
  return unit && isNumeric ? `${valueText(value, quoted)} ${unit}` : valueText(value, quoted);
}
