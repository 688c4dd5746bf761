/** A number for people: a true minus, no digits of rounding error. */
export function written(value: number): string {
  if (!Number.isFinite(value)) return "undefined";
  return String(Number(value.toPrecision(10))).replaceAll("-", "−");
}

/** The number with three significant digits, or another number of them. */
export function rounded(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "undefined";
  const scale = Math.abs(value) >= 10 ** digits ? String(Math.round(value)) : value.toPrecision(digits);
  return (scale.includes("e") ? scale : trimmed(scale)).replaceAll("-", "−");
}

/** A text with true minus signs instead of hyphens before numbers; names and paths stay as they are. */
export const withMinus = (text: string): string =>
  text.replace(/(?<![\w./=)\]-])-(?=\.?\d)|(?<=(?<![\w.])\d[\d.]*e)-(?=\d)/g, "−");

const trimmed = (digits: string): string => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);

/** "one", "one and two", "one, two and three" */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
