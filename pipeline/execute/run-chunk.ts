import type { Artifact, Json } from "../artifact/artifact.ts";
import { canonical } from "../artifact/canonical.ts";
import { isError, StoreError } from "../errors.ts";
import { inputAt, type Points, pointOf } from "../graph/axis.ts";
import type { Stage, StageContext } from "../graph/stage.ts";
import { describedError, rebuiltError } from "../jobs/serialized-error.ts";
import type { PreImage } from "../key/key.ts";

/** What a stage makes of each point of a chunk, in their order. */
export async function runPoints(
  stage: Stage,
  { params }: PreImage,
  { axes, rows }: Points,
  inputs: Readonly<Record<string, Artifact>>,
  { signal, progress }: Pick<StageContext<unknown, never>, "signal" | "progress">,
): Promise<readonly Artifact[]> {
  const along = axes.flatMap(({ name, of }, at) => (of === "input" ? [{ name, at }] : []));
  const isAlong = (input: string) => along.some(({ name }) => input.startsWith(`${name}/`));
  const common = Object.fromEntries(Object.entries(inputs).filter(([input]) => !isAlong(input)));
  const varying = axes.flatMap(({ of }, at) => (of === "input" ? [] : [at]));
  let before: { readonly row: readonly Json[]; readonly params: unknown } | undefined;
  const paramsOf = (row: readonly Json[]): unknown => {
    // Points that differ only in their inputs share their parameters: schemas may take longer than stages.
    if (before && varying.every((at) => Object.is(before?.row[at], row[at]))) return before.params;
    before = { row, params: stage.params.parse(pointOf(params, axes, row)) };
    return before.params;
  };
  const points = rows.map((row) => {
    const own = along.map(({ name, at }) => [name, inputs[inputAt(name, row[at] as string)]!] as const);
    return {
      params: paramsOf(row),
      inputs: along.length > 0 ? { ...common, ...Object.fromEntries(own) } : common,
    };
  });
  const telling = (thrown: unknown, from: number, to: number): unknown =>
    signal.aborted ? thrown : errorAtPoints(thrown, { axes, rows: rows.slice(from, to) });
  if (stage.batch) {
    const made = await stage.batch({ points, signal, progress }).catch((thrown) => {
      throw telling(thrown, 0, rows.length);
    });
    if (made.length === points.length) return made;
    throw new TypeError(`stage ${stage.id} gave ${made.length} artifacts for ${points.length} points`);
  }
  const made: Artifact[] = [];
  for (const [at, point] of points.entries()) {
    const within = (fraction: number) => progress((at + fraction) / points.length);
    try {
      made.push(await stage.run({ ...point, signal, progress: within }));
    } catch (thrown) {
      throw telling(thrown, at, at + 1);
    }
    await progress(made.length / points.length);
  }
  return made;
}

/** The same error, of the same kind, which says at which points of the grid it arose. */
function errorAtPoints(thrown: unknown, { axes, rows }: Points): unknown {
  if (!(thrown instanceof Error) || isError(thrown, StoreError)) return thrown;
  const [first, last] = [rows[0]!, rows.at(-1)!].map((row) =>
    row.map((value, at) => `${axes[at]!.name} = ${canonical(value)}`).join(", "),
  );
  const where = rows.length === 1 ? `at ${first}` : `at one of ${rows.length} points, ${first} to ${last}`;
  const message = thrown.message || thrown.name;
  const said = message.endsWith(".") ? `${message.slice(0, -1)} (${where}).` : `${message} (${where})`;
  return rebuiltError({ ...describedError(thrown), message: said }, { cause: thrown });
}
