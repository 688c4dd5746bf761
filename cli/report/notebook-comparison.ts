import { results as printed } from "../../data/notebook.ts";
import { type Configuration, configurationSchema, profiles } from "../../stages/configuration.ts";
import { entryOf } from "../../stages/registry.ts";
import { listed, parametersOf, valueAt } from "../configuration/parameter-schema.ts";
import type { Row } from "../inspect/results.ts";
import { quantityText } from "../output/format.ts";
import { decimalsOf } from "../present/results.ts";

/**
 * How a number of a stage agrees with the one that the notebook prints, in words, and why not further where it does
 * not, as docs/notebook.md tells; undefined where the notebook prints none.
 *
 * @param stage its name or the beginning of that
 */
export function compareWithNotebook(
  row: Row,
  stage: string,
  configuration: Configuration,
): string | undefined {
  const { here, notebook, unit } = row;
  if (notebook === undefined) return undefined;
  if (!Number.isFinite(here)) return "cannot be compared";
  const count = digitsOf(notebook);
  if (here.toFixed(decimalsOf(notebook)) === String(notebook)) {
    return Number.isInteger(notebook) ? "agrees" : `agrees in all ${count} digits`;
  }
  const shared = digitsShared(here, notebook);
  const extent = shared >= fewest ? `agrees to ${shared} of ${count} digits` : differenceText(row, unit);
  const reasons = reasonsFor(here, notebook, stage, configuration);
  return reasons.length > 0 ? `${extent}: ${reasons.join("; ")}` : extent;
}

/** Of fewer digits that are the same nobody would say that numbers agree. */
const fewest = 3;

/** Significant digits, as printed: 7 of 0.09778797. */
const digitsOf = (printed: number): number =>
  String(printed)
    .replace(/e.*$|[-.]/g, "")
    .replace(/^0+/, "").length;

/**
 * To how many significant digits a number is the printed one: off by at most half a unit of the last of them. At most
 * as many as are printed.
 */
export function digitsShared(here: number, printed: number): number {
  const off = Math.abs(here - printed);
  const exponent = Number(printed.toExponential().split("e")[1]);
  for (let digits = digitsOf(printed); digits > 0; digits--) {
    if (off <= Number(`5e${exponent - digits}`)) return digits;
  }
  return 0;
}

function differenceText({ here, notebook = 0 }: Row, unit: string): string {
  const value = here - notebook;
  const share = notebook === 0 ? "" : ` (${signed((100 * value) / Math.abs(notebook))} %)`;
  return `differs by ${signed(value)}${unit === "1" ? "" : ` ${unit}`}${share}`;
}

const signed = (value: number): string => `${value > 0 ? "+" : "−"}${Number(Math.abs(value).toPrecision(2))}`;

/** What the notebook ran with. */
const notebooks = configurationSchema.parse(profiles.notebook);
const paths = [...parametersOf(configurationSchema).values()];

function reasonsFor(here: number, notebook: number, stage: string, configuration: Configuration): string[] {
  const entry = entryOf(stage);
  const id = entry?.stage.id;
  const { coefficients } = configuration;
  const isFitted = coefficients === "fit";
  const reach = [...(entry?.reachedBy ?? []), ...(isFitted ? ["tf."] : [])];
  const others = paths
    .filter(({ path }) =>
      reach.some((each) => path === each || (each.endsWith(".") && path.startsWith(each))),
    )
    .filter(({ path }) => different(valueAt(configuration, path), valueAt(notebooks, path)))
    .map(({ path, unit }) => {
      const [now, then] = [configuration, notebooks].map((each) =>
        quantityText(valueAt(each, path), unit, false),
      );
      return `${path} is ${now}, in the notebook ${then}`;
    });
  return [
    ...(others.length > 0 ? [listed(others, "and")] : []),
    ...(id === "tf-fit" ? ["this fit goes on to the optimum, where the notebook's stopped before it"] : []),
    ...(id !== "tf-fit" && isFitted ? ["the transfer functions are fitted anew, to the optimum"] : []),
    ...(coefficients === "authors" && id !== "tf-fit"
      ? ["the coefficients are those that the authors stored, not those that the notebook prints"]
      : []),
    ...(id === "fixed-point" && coefficients === "notebook" && others.length === 0
      ? ["the notebook ran with more digits of its coefficients than it prints"]
      : []),
    ...(notebook === printed.residual ? [trick(here)] : []),
  ];
}

const different = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);

/** The printed residual contains one entry of the model that the notebook's plotting code had overwritten. */
function trick(here: number): string {
  const { residualWithoutTrick: without } = printed;
  const shared = digitsShared(here, without);
  const all = shared === digitsOf(without) ? "all" : `${shared} of`;
  return (
    `the printed one includes an entry of the model that plotting had overwritten; without that it is ${without}` +
    (shared >= fewest ? `, with which this agrees in ${all} ${digitsOf(without)} digits` : "")
  );
}
