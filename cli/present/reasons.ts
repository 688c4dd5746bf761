import type { Json, Reason, StageNode } from "../../pipeline/index.ts";
import { listed, parametersOf } from "../configuration/parameter-schema.ts";
import { counted, quantityText, short, valueText } from "../output/format.ts";

/** Why a stage of the past ran: its node is not at hand, nor are units. */
export const plainReasonText = (reason: Reason): string => textOf(reason, undefined);

/** Why a stage runs, as a clause: "ring.v_c: 300 → 50 mm/s". */
export const reasonText = (reason: Reason, node: StageNode): string => textOf(reason, node);

function textOf(reason: Reason, node: StageNode | undefined): string {
  switch (reason.kind) {
    case "never-run":
      return "it has never run";
    case "forced":
      return "it is forced";
    case "evicted":
      return "its result is no longer in the cache";
    case "parameter":
      return `${reason.path}: ${change(reason, node ? unitOf(node, reason.path) : "")}`;
    case "axis":
      return `axis ${reason.axis}: ${axisText(reason)}`;
    case "input": {
      const source = node?.inputs[reason.input]?.name;
      const ends = `${short(reason.from ?? "nothing")} → ${short(reason.to ?? "nothing")}`;
      return source === undefined ? `input ${reason.input}: ${ends}` : `its input ${source} differs: ${ends}`;
    }
    case "code":
      return reason.files
        ? `its code has changed in ${listed(reason.files.map(sourceOf), "and")}`
        : "its code has changed";
    case "kernels":
      return "the kernels have changed";
    case "package":
      return `package ${reason.name}: ${reason.from ?? "none"} → ${reason.to ?? "none"}`;
    case "upstream":
      return `it waits for ${reason.nodes.join(", ")}`;
  }
}

function axisText({ added, removed }: Extract<Reason, { kind: "axis" }>): string {
  const parts = [
    added > 0 ? `${counted(added, "value")} more` : "",
    removed > 0 ? `${counted(removed, "value")} fewer` : "",
  ];
  return parts.filter(Boolean).join(", ") || "in another order";
}

/** The reasons in one short line; own reasons before waiting. */
export function reasonsInShort(reasons: readonly Reason[], node: StageNode): string {
  const texts = reasons.map((reason) =>
    reason.kind === "upstream" && reason.nodes.length > 2
      ? `it waits for ${reason.nodes[0]} and ${counted(reason.nodes.length - 1, "other")}`
      : reasonText(reason, node),
  );
  const more = texts.length > 3 ? [`${texts.length - 3} more`] : [];
  return [...texts.slice(0, 3), ...more].join("; ");
}

/** The file as it was before it was built. */
const sourceOf = (file: string): string => file.replace(/^dist\//, "").replace(/\.js$/, ".ts");

const change = ({ from, to }: { readonly from?: Json; readonly to?: Json }, unit: string): string =>
  `${valueText(from)} → ${quantityText(to, unit, false)}`;

/** The unit that a stage's schema states for one of its parameters. */
const unitOf = ({ stage }: StageNode, path: string): string =>
  parametersOf(stage.params).get(path)?.unit ?? "";
