import type { Artifact, Json } from "../../pipeline/index.ts";
import { dtypeOf } from "../../pipeline/inspect.ts";
import { statisticsOf } from "../inspect/statistics.ts";
import type { ExitStatus, Options } from "../options.ts";
import type { Computed } from "../output/export-formats.ts";
import { duration, moment, number, valueText } from "../output/format.ts";
import { print, printJson } from "../output/print.ts";
import { sparkline } from "../output/sparkline.ts";
import { table } from "../output/table.ts";
import { holdsInferred, inferredText } from "../present/inferred.ts";
import { holdsPosteriors, posteriorText } from "../present/posterior.ts";
import { computedOf } from "../session/computed.ts";
import { withSession } from "../session/session.ts";

/** `mesoflow show <stage>`: what its artifact holds. */
export function show(options: Options): Promise<ExitStatus> {
  return withSession(options, { readOnly: true }, async (session) => {
    const asked = session.targets(options.names);
    const found = await computedOf(session, options);
    if (options.json) for (const computed of found) printJson(facts(computed));
    else if (found.length > 0) print(found.map(text).join("\n\n"));
    return found.length === asked.length ? 0 : 1;
  });
}

/** A list of sentences as one below the other. */
const linesText = (value: Json): string =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => typeof item === "string" && item.includes(" "))
    ? value.join("\n")
    : valueText(value);

function facts({ node, result: { key, content }, artifact }: Computed): object {
  const arrays = Object.entries(artifact.arrays).map(([name, { data, shape, dims, units }]) => [
    name,
    { dtype: dtypeOf(data), shape, dims, units, ...statisticsOf(data) },
  ]);
  return { stage: node.name, key, content, values: artifact.values, arrays: Object.fromEntries(arrays) };
}

function text({ node, result: { key, at, seconds }, artifact }: Computed): string {
  const head = [node.name, `computed ${moment(at)} in ${duration(seconds)}`, `key ${key}`];
  return [...head, "", bodyOf(artifact)].join("\n");
}

/** As people read it: tables of what is by recording, else whatever is there. */
function bodyOf(artifact: Artifact): string {
  if (holdsInferred(artifact)) return inferredText(artifact);
  return holdsPosteriors(artifact) ? posteriorText(artifact) : contentsText(artifact);
}

/** Values, then arrays. */
function contentsText(artifact: Artifact): string {
  const values = Object.entries(artifact.values).map(([name, value]) => [name, linesText(value)]);
  const arrays = Object.entries(artifact.arrays).map(([name, { data, shape, dims, units }]) => {
    const { min, max, mean } = statisticsOf(data);
    const axes = dims.map((dim, axis) => `${dim} ${shape[axis]}`).join(" × ");
    return [
      name,
      dtypeOf(data),
      axes,
      units === "1" ? "" : units,
      number(min),
      number(max),
      number(mean),
      sparkline(data),
    ];
  });
  const columns = ["array", "type", "shape", "unit", "min", "max", "mean", "course"];
  return [
    ...(values.length > 0 ? [table(["value", ""], values)] : []),
    ...(arrays.length > 0 ? [table(columns, arrays, ["min", "max", "mean"])] : []),
  ].join("\n\n");
}
