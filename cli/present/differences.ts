import type { ArtifactDifference } from "../../cache/index.ts";
import type { ArrayDifference } from "../../cache/inspect.ts";
import type { Json } from "../../pipeline/index.ts";
import type { Change } from "../../pipeline/inspect.ts";
import { number, valueText } from "../output/format.ts";

/** How two artifacts differ, in a line for each array and value that does; none where they are equal. */
export function differenceLines({ arrays, values }: ArtifactDifference): string[] {
  return [
    ...Object.entries(arrays).flatMap(([name, difference]) =>
      difference.kind === "equal" ? [] : [`${name}: ${arrayText(difference)}`],
    ),
    ...values.map((change) => `${change.path}: ${changeText(change)}`),
  ];
}

export const changeText = ({ from, to }: Change<Json>): string => `${valueText(from)} → ${valueText(to)}`;

/** "3 of 100 elements differ; at most 1e-9, relatively 2e-12, 4 ulp" */
export function arrayText(difference: ArrayDifference): string {
  switch (difference.kind) {
    case "equal":
      return "equal";
    case "added":
    case "removed":
      return difference.kind;
    case "layout": {
      const { from, to } = difference;
      const text = ({ dtype, shape, dims, units }: typeof from) =>
        `${dtype} ${dims.map((dim, axis) => `${dim} ${shape[axis]}`).join(" × ") || "scalar"} [${units}]`;
      return `${text(from)} → ${text(to)}`;
    }
    case "elements": {
      const { size, differing, nan, absolute, relative, ulp } = difference;
      const most = [`at most ${number(absolute)}`, `relatively ${number(relative)}`];
      if (ulp !== undefined) most.push(`${number(ulp)} ulp`);
      const nans = nan > 0 ? `; ${nan} NaN on one side only` : "";
      return `${differing} of ${size} elements differ, ${most.join(", ")}${nans}`;
    }
  }
}
