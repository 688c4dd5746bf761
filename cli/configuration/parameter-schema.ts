import { distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Json } from "../../pipeline/index.ts";
import { best, edits } from "./nearest.ts";

/** A parameter as its schema describes it. */
export interface Parameter {
  /** "ring.v_c" */
  readonly path: string;
  /** Empty for none. */
  readonly unit: string;
  readonly description: string;
  readonly default?: Json;
  readonly type: "number" | "whole number" | "interval" | "intervals" | "choice" | "text" | "numbers by name";
  /** What a choice may be, or words that stand beside numbers. */
  readonly choices: readonly string[];
  /** "above 0 and at most 1000 Hz", of an interval for both its ends, of numbers by name for each; empty where there are no bounds. */
  readonly range: string;
  /** The bounds that `range` has in words; of "above 0" and "below 1" the bound itself. */
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The little of JSON Schema that zod writes for configurations and stage parameters. */
interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: Json;
  readonly unit?: string;
  readonly description?: string;
}

const known = new WeakMap<object, ReadonlyMap<string, Parameter>>();

/** All parameters of a schema, by path. A schema of another make than zod's tells nothing. */
export function parametersOf(schema: object): ReadonlyMap<string, Parameter> {
  const parameters = known.get(schema) ?? read(schema);
  known.set(schema, parameters);
  return parameters;
}

function read(schema: object): Map<string, Parameter> {
  const parameters = new Map<string, Parameter>();
  const visit = (node: JsonSchema, path: string): void => {
    if (!node.properties) {
      parameters.set(path, parameterOf(node, path));
      return;
    }
    for (const [name, inner] of Object.entries(node.properties)) {
      visit(inner, path === "" ? name : `${path}.${name}`);
    }
  };
  if (schema instanceof z.ZodType) visit(z.toJSONSchema(schema, { io: "input" }) as JsonSchema, "");
  return parameters;
}

function parameterOf(node: JsonSchema, path: string): Parameter {
  const values = valuesOf(node);
  const unit = node.unit === undefined || node.unit === "1" ? "" : node.unit;
  const bounded = values.prefixItems?.[0] ?? (values.additionalProperties || values);
  const { minimum = bounded.exclusiveMinimum, maximum = bounded.exclusiveMaximum } = bounded;
  return {
    path,
    unit,
    description: node.description ?? "",
    ...(node.default !== undefined && { default: node.default }),
    type: typeOf(values),
    choices: node.enum ?? wordsOf(node),
    range: withUnit(rangeOf(bounded), unit),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  };
}

/** "peak" of a number that may also be the word peak. */
const wordsOf = ({ anyOf = [] }: JsonSchema): string[] => anyOf.flatMap((one) => one.const ?? []);

/** What may be given besides such words. */
const valuesOf = (node: JsonSchema): JsonSchema =>
  wordsOf(node).length > 0 ? node.anyOf!.find((one) => one.const === undefined)! : node;

function typeOf(node: JsonSchema): Parameter["type"] {
  if (node.enum) return "choice";
  if (node.items?.prefixItems) return "intervals";
  if (node.prefixItems) return "interval";
  if (node.additionalProperties) return "numbers by name";
  if (node.type === "integer") return "whole number";
  return node.type === "number" ? "number" : "text";
}

function rangeOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return `from ${minimum} to ${maximum}`;
  const ends = [
    exclusiveMinimum !== undefined
      ? `above ${exclusiveMinimum}`
      : minimum !== undefined
        ? `at least ${minimum}`
        : "",
    exclusiveMaximum !== undefined
      ? `below ${exclusiveMaximum}`
      : maximum !== undefined
        ? `at most ${maximum}`
        : "",
  ];
  return ends.filter(Boolean).join(" and ");
}

const withUnit = (text: string, unit: string): string => (text && unit ? `${text} ${unit}` : text);

/** What a value must be, to follow "must be": "a whole number from 2 to 100000". */
export function requirementOf({ choices, ...values }: Parameter): string {
  if (values.type === "choice") return listed(choices, "or");
  return listed([...choices, valueRequirement(values)], "or");
}

function valueRequirement({ type, range, unit }: Omit<Parameter, "choices">): string {
  if (type === "text") return "text or a list of texts";
  if (type === "interval") {
    return range
      ? `two rising numbers [low, high], each ${range}`
      : withUnit("two rising numbers [low, high]", unit && `in ${unit}`);
  }
  if (type === "intervals") return withUnit("a list of rising pairs [[from, to], …]", unit && `in ${unit}`);
  if (type === "numbers by name") return `numbers by name, each ${range || withUnit("any", unit)}`;
  return [`a ${type}`, range || (unit && `in ${unit}`)].filter(Boolean).join(" ");
}

/** What a configuration holds at a path. */
export function valueAt(configuration: object, path: string): Json | undefined {
  let value: unknown = configuration;
  for (const name of path.split(".")) value = (value as Readonly<Record<string, unknown>>)[name];
  return value as Json | undefined;
}

/** "a, b or c" */
export function listed(words: readonly string[], last: "and" | "or"): string {
  const head = words.slice(0, -1).join(", ");
  return head ? `${head} ${last} ${words.at(-1)}` : (words[0] ?? "");
}

/**
 * The known path that a wrong one was probably meant to be: few edits away, or of the same name in another
 * section, or described by the word that was typed. None where nothing is near.
 */
export function nearestPath(typed: string, parameters: Iterable<Parameter>): string | undefined {
  const wrong = typed.toLowerCase();
  const [wrongLeaf, wrongSection] = parts(wrong);
  return best(parameters, ({ path, description, type }) => {
    const [leaf, section] = parts(path.toLowerCase());
    const elsewhere = section === wrongSection ? 0 : 1;
    const isDescribed = wrongLeaf.length > 3 && description.toLowerCase().includes(wrongLeaf);
    const cost = Math.min(
      edits(wrong, path.toLowerCase()),
      edits(wrongLeaf, leaf) + elsewhere + 0.5,
      isDescribed ? 2 + elsewhere : Number.POSITIVE_INFINITY,
      type === "numbers by name" ? edits(wrongSection, path.toLowerCase()) : Number.POSITIVE_INFINITY,
    );
    return cost + distance(typed, path) / 1000; // waveform.t0 and waveform.T1 differ in more than a digit
  })?.path;
}

function parts(path: string): [leaf: string, section: string] {
  const dot = path.lastIndexOf(".");
  return [path.slice(dot + 1), path.slice(0, Math.max(dot, 0))];
}
