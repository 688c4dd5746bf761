import { BadInput } from "../../pipeline/errors.ts";
import type { Configuration } from "../../stages/configuration.ts";
import { quantityText } from "../output/format.ts";
import { type Modules, modules } from "./code.ts";
import { nearest, suggestion } from "./nearest.ts";
import { listed, nearestPath, type Parameter, parametersOf, requirementOf } from "./parameter-schema.ts";

/** Values from one place; later layers go on top of earlier ones. */
export interface Layer {
  /** How error messages name the place: "--set". */
  readonly origin: string;
  /** Nested, or with dotted paths as keys, or both. */
  readonly values: object;
}

export interface Settings {
  readonly configuration: Configuration;
  /** Where each value that is no default came from, by path. */
  readonly origins: ReadonlyMap<string, string>;
}

/** What the command line says of the configuration. */
export interface ConfigurationOptions {
  readonly profile?: string | undefined;
  readonly config?: string | undefined;
  readonly set: readonly string[];
}

/** What the stages' modules say of configurations. */
type Known = Pick<Modules, "configurationSchema" | "profiles">;

/**
 * The configuration in force: defaults, the profile, the --config file, then each --set.
 *
 * @throws BadInput, one sentence for each fault
 */
export async function settingsOf(options: ConfigurationOptions, known: Known = modules): Promise<Settings> {
  return configure(await layersOf(options, known), known);
}

/**
 * What the command line says, from the profile up to the last --set.
 *
 * @throws BadInput where one of them cannot be read
 */
export async function layersOf(
  { profile = "default", config, set }: ConfigurationOptions,
  known: Known = modules,
): Promise<Layer[]> {
  const { profiles } = known;
  if (!Object.hasOwn(profiles, profile)) {
    const names = Object.keys(profiles);
    const meant = nearest(profile, names);
    const there = `there are ${listed(names, "and")}`;
    throw new BadInput(
      `Unknown profile ${profile || '""'} (--profile): ${meant === undefined ? `${there}.` : `did you mean ${meant} (${there})?`}`,
    );
  }
  const layers: Layer[] = [{ origin: `profile ${profile}`, values: profiles[profile]! }];
  if (config !== undefined) {
    // Loaded only when asked for: reading YAML, TOML and TypeScript takes a while to import.
    const { readConfigurationFile } = await import("./configuration-file.ts");
    layers.push({ origin: `--config ${config}`, values: await readConfigurationFile(config) });
  }
  return [...layers, ...set.map(layerOfSet)];
}

/** `ring.v_c=50`: the value is JSON if it parses as such, else text. */
export function layerOfSet(text: string): Layer {
  const equals = text.indexOf("=");
  if (equals <= 0)
    throw new BadInput(`--set ${text} sets nothing: write --set path=value, as in --set ring.v_c=50.`);
  const value = text.slice(equals + 1);
  return { origin: "--set", values: { [text.slice(0, equals).trim()]: parsed(value) } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Merges layers over the defaults and checks the whole. */
export function configure(
  layers: readonly Layer[],
  { configurationSchema }: Pick<Known, "configurationSchema"> = modules,
): Settings {
  const parameters = parametersOf(configurationSchema);
  const faults: string[] = [];
  const values = new Map<string, unknown>();
  const origins = new Map<string, string>();
  for (const { origin, values: given } of layers) {
    for (const [path, value] of leavesOf(given)) {
      const parameter = parameterAt(path, parameters);
      if (!parameter) {
        faults.push(unknown(path, origin, parameters));
        continue;
      }
      if (parameter.type === "numbers by name" && path === parameter.path) {
        faults.push(wrong(parameter, value, origin, { code: "invalid_type", message: "" }));
        continue;
      }
      values.set(path, value);
      origins.set(path, origin);
      origins.set(parameter.path, origin);
    }
  }
  /** What is in force at a path as far as it was read, and where it came from. */
  const given = (path: string) => ({
    value: values.has(path) ? values.get(path) : parameters.get(path)?.default,
    origin: origins.get(path) ?? "the default",
  });
  const checked = configurationSchema.safeParse(nested(values, parameters));
  const told = new Set<string>();
  for (const issue of checked.error?.issues ?? []) {
    // A fault inside a list is one of the list.
    const path = issue.path.join(".");
    const parameter = [...parameters.values()].find(
      (each) => path === each.path || path.startsWith(`${each.path}.`),
    )!;
    const isNamed = parameter.type === "numbers by name";
    const at = isNamed ? path : parameter.path;
    if (told.has(at)) continue;
    told.add(at);
    const own: Parameter = isNamed ? { ...parameter, path: at, type: "number" } : parameter;
    const { value, origin } = given(at);
    faults.push(
      wrong(own, value, origin, { ...issue, message: withValues(issue.message, given, parameters) }),
    );
  }
  if (faults.length > 0 || !checked.success) throw new BadInput(faults.join("\n"));
  return { configuration: checked.data, origins };
}

function* leavesOf(values: object, prefix = ""): Generator<[path: string, value: unknown]> {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (isPlain(value)) yield* leavesOf(value, `${prefix}${name}.`);
    else yield [`${prefix}${name}`, value];
  }
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** The parameter at a path, or the numbers by name of which the path names one, dots and all. */
const parameterAt = (path: string, parameters: ReadonlyMap<string, Parameter>): Parameter | undefined =>
  parameters.get(path) ??
  [...parameters.values()].find(
    (each) => each.type === "numbers by name" && path.startsWith(`${each.path}.`),
  );

function nested(values: ReadonlyMap<string, unknown>, parameters: ReadonlyMap<string, Parameter>): object {
  const root: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const whole = parameterAt(path, parameters)!.path;
    const names = [...whole.split("."), ...(path === whole ? [] : [path.slice(whole.length + 1)])];
    let section = root;
    for (const name of names.slice(0, -1)) {
      section[name] ??= {};
      section = section[name] as Record<string, unknown>;
    }
    section[names.at(-1)!] = value;
  }
  return root;
}

function unknown(path: string, origin: string, parameters: ReadonlyMap<string, Parameter>): string {
  const inside = [...parameters.keys()].filter((known) => known.startsWith(`${path}.`));
  if (inside.length > 0) {
    return `Configuration path ${path} (${origin}) is a section: set ${listed(inside, "or")}.`;
  }
  const meant = suggestion(nearestPath(path, parameters.values()), ": mesoflow parameters lists them all.");
  return `Unknown configuration path ${path} (${origin})${meant}`;
}

/** A requirement with each path in braces followed by the value there and where it came from. */
const withValues = (
  requirement: string,
  given: (path: string) => { readonly value: unknown; readonly origin: string },
  parameters: ReadonlyMap<string, Parameter>,
): string =>
  requirement.replaceAll(/\{([\w.]+)\}/g, (_, path: string) => {
    const { value, origin } = given(path);
    return `${path}, which is ${quantityText(value, parameters.get(path)!.unit)} (${origin})`;
  });

function wrong(
  parameter: Parameter,
  value: unknown,
  origin: string,
  issue: { code: string; message: string },
): string {
  const { path, unit, description, choices, range, type } = parameter;
  const given = `${path} is ${quantityText(value, unit)} (${origin})`;
  const meaning = description && `: ${description}`;
  if (issue.code === "custom") return `${given}, but ${issue.message}${meaning}.`;
  if (type === "choice") {
    const meant = suggestion(typeof value === "string" ? nearest(value, choices) : undefined, ".");
    return `${given}, but must be ${requirementOf(parameter)}${meant}`;
  }
  const isOutside = typeof value === "number" && ["too_small", "too_big"].includes(issue.code);
  return `${given}, but must be ${isOutside ? range : requirementOf(parameter)}${meaning}.`;
}
