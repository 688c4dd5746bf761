import type { Numbers } from "../../pipeline/inspect.ts";

const bars = "▁▂▃▄▅▆▇█";

/**
 * The course of an array in its stored order: the means of `width` equal parts between its least and largest,
 * gaps where all of a part is NaN. Nothing for a single number.
 */
export function sparkline(data: Numbers, width = 24): string {
  if (data.length < 2) return "";
  const parts = Math.min(width, data.length);
  const means = Array.from({ length: parts }, (_, part) => {
    const [begin, end] = [part, part + 1].map((each) => Math.floor((each * data.length) / parts));
    const finite = Array.from(data.subarray(begin, end)).filter(Number.isFinite);
    return (
      finite.reduce((sum, value) => sum + value / finite.length, 0) + (finite.length === 0 ? Number.NaN : 0)
    );
  });
  const known = means.filter((mean) => !Number.isNaN(mean));
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return means
    .map((mean) => {
      if (Number.isNaN(mean)) return " ";
      const height = most > least ? (mean / 2 - least / 2) / (most / 2 - least / 2) : 0;
      return bars[Math.min(Math.floor(height * bars.length), bars.length - 1)];
    })
    .join("");
}
