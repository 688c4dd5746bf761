import type { Column } from "./parameter-sets.ts";

/** The range in which a parameter was sought, and the number of values if it was a grid. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly points?: number;
}

/** An optimum at an end of the range it was sought in. */
export type RangeLimit = {
  readonly recording: string;
  readonly parameter: string;
  readonly end: "low" | "high";
  readonly value: number;
};

/** A value closer to an end than this share of the range is at the end. */
const near = 1e-3;

/** All optima at an end of their range, by parameter and recording. A range of one value has no ends. */
export function rangeLimitsOf(
  recordings: readonly string[],
  columns: Readonly<Record<string, Column>>,
  ranges: Readonly<Record<string, Range>>,
): RangeLimit[] {
  return Object.entries(ranges).flatMap(([parameter, { low, high }]) =>
    recordings.flatMap((recording, k): RangeLimit[] => {
      const value = columns[parameter]!.values[k]!;
      const margin = near * (high - low);
      if (!(margin > 0)) return [];
      const end = value - low <= margin ? "low" : high - value <= margin ? "high" : undefined;
      return end ? [{ recording, parameter, end, value }] : [];
    }),
  );
}

/** A sentence for each end of a range with optima: which recordings, and what to do. */
export function rangeLimitWarnings(
  borders: readonly RangeLimit[],
  columns: Readonly<Record<string, Column>>,
  ranges: Readonly<Record<string, Range>>,
): string[] {
  const two = Object.keys(ranges).filter((parameter) => ranges[parameter]!.points === 2);
  const coarse =
    two.length > 0
      ? [
          `Of ${two.join(", ")} there were two values only, so that every optimum is at an end of its range: ` +
            "set scan.points to 3 or more.",
        ]
      : [];
  const others = Object.keys(ranges).filter((parameter) => !two.includes(parameter));
  const told = others.flatMap((parameter) =>
    (["low", "high"] as const).flatMap((end) => {
      const there = borders.filter((border) => border.parameter === parameter && border.end === end);
      if (there.length === 0) return [];
      const { values, units } = columns[parameter]!;
      return [
        `${parameter} is best at the ${end === "low" ? "lower" : "upper"} end of its range, ` +
          `${ranges[parameter]![end]} ${units}, in ${there.length} of ${values.length} recordings ` +
          `(${there.map(({ recording }) => recording).join(", ")}): ` +
          `${end === "low" ? "lower the first" : "raise the second"} value of scan.${parameter}, as far as ` +
          "physiology allows; where the optimum stays at the end, the recording does not determine it.",
      ];
    }),
  );
  return [...coarse, ...told];
}
