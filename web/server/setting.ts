import type { Json } from "../../pipeline/index.ts";
import type { ParameterInfo, Setting } from "../protocol.ts";
import type { Faults } from "./workbench.ts";

/** How deep lists lie in lists: of any parameter there is, two. */
const DEPTH = 4;

/**
 * The setting that a page asks for. Whether its values are what the parameters may be is looked at later, and told as
 * the command line tells it; here, whether it is one at all, and leaves alone what pages may not change.
 */
export function settingIn(
  body: unknown,
  parameters: readonly ParameterInfo[],
): { readonly setting: Setting } | Faults {
  const given = isPlain(body) ? body.setting : undefined;
  if (!isPlain(given)) return { faults: ['A setting is asked for as {"setting": {"ring.v_c": 50}}.'] };
  const faults = Object.entries(given).flatMap(([path, value]) => {
    const fixed = parameters.find(
      (each) => each.fixed && (path === each.path || path.startsWith(`${each.path}.`)),
    );
    if (fixed) {
      return `${fixed.path} names files, which a page cannot: start mesoflow serve with --set ${fixed.path}=….`;
    }
    const named = parameters.find((each) => each.path === path)?.type === "numbers by name";
    return isValue(value) || (named && isNumbersByName(value))
      ? []
      : `${JSON.stringify(path)} is given something that is no parameter's value.`;
  });
  return faults.length > 0 ? { faults } : { setting: given as Setting };
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNumbersByName = (value: unknown): value is Json =>
  isPlain(value) && Object.values(value).every((each) => typeof each === "number");

/** Numbers, texts, and lists of these: sections are named by dots in paths. */
function isValue(value: unknown, depth = 0): value is Json {
  if (Array.isArray(value)) return depth < DEPTH && value.every((item) => isValue(item, depth + 1));
  return ["number", "string", "boolean"].includes(typeof value) || value === null;
}
