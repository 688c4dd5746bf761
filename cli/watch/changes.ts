import { basename } from "node:path";
import type { Json } from "../../pipeline/index.ts";
import { changedPaths } from "../../pipeline/inspect.ts";
import { parametersOf } from "../configuration/parameter-schema.ts";
import { quantityText, valueText } from "../output/format.ts";
import type { Pipeline } from "../session/session.ts";
import { changedFiles, sourceOf } from "./code-on-disk.ts";
import type { State } from "./state.ts";

/** What is different in another state, a line for each; none where nothing is. */
export function changesBetween(before: State, after: State): string[] {
  return [
    ...configurationChanges(before, after),
    ...recordingChanges(before, after),
    ...codeChanges(before, after),
  ];
}

/** "ring.v_c: 300 → 50 mm/s (run.yaml)" */
export function configurationChanges(before: Pipeline, after: Pipeline): string[] {
  const parameters = parametersOf(after.code.configurationSchema);
  const changes = changedPaths(
    before.configuration as unknown as Json,
    after.configuration as unknown as Json,
  );
  return changes.map(({ path, from, to }) => {
    const origin = after.origins.get(path)?.replace(/^--config /, "") ?? "default";
    const unit = parameters.get(path)?.unit ?? "";
    return `${path}: ${valueText(from)} → ${quantityText(to, unit, false)} (${origin})`;
  });
}

/** "recordings: + b.mat, - c.mat, a.mat changed" */
function recordingChanges({ contents: before }: State, { contents: after }: State): string[] {
  const words = [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path) => {
    if (before.get(path) === after.get(path)) return [];
    const name = basename(path);
    return !before.has(path) ? `+ ${name}` : !after.has(path) ? `- ${name}` : `${name} changed`;
  });
  return words.length > 0 ? [`recordings: ${words.join(", ")}`] : [];
}

/** "stages/residual.ts", "+ stages/scan.ts", or, where only that is different, "code of residual" */
function codeChanges({ code: before }: State, { code: after }: State): string[] {
  if (before === after) return [];
  const files = changedFiles(before.files, after.files).filter((path) => !path.endsWith(".json"));
  if (files.length > 0) {
    return files.map((path) => {
      const sign = !before.files.has(path) ? "+ " : !after.files.has(path) ? "- " : "";
      return sign + sourceOf(path);
    });
  }
  const codes = new Map(before.stages.map((stage) => [stage.id, before.fingerprint(stage).code]));
  return after.stages
    .filter((stage) => codes.get(stage.id) !== after.fingerprint(stage).code)
    .map(({ id }) => `code of ${id}`);
}
