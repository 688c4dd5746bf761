import type { AnyNode, NewExpression } from "acorn";
import { hash } from "../artifact/hash.ts";
import type { Declaration, Declarations } from "./declarations.ts";
import type { Binding } from "./scopes.ts";

/** How the normal form writes what stands for something outside a part. */
export interface Writing {
  /** A name of the module. */
  refer(binding: Binding): string;
  /** A file that is named by `new URL("file", import.meta.url)`. */
  file(named: NewExpression): string | undefined;
}

/** What is no part of the meaning: positions, and how a literal was spelt. */
const dropped = new Set(["type", "start", "end", "loc", "range", "raw", "sourceFile", "shorthand"]);

/** The text of a part, in which white space, comments, spellings and names of locals make no difference. */
export function textOf({ node: part }: Declaration, program: Declarations, { refer, file }: Writing): string {
  const locals = new Map<Binding, number>();
  const text: string[] = [];

  function write(value: unknown): void {
    if (Array.isArray(value)) {
      text.push("[");
      for (const item of value) write(item);
      text.push("]");
    } else if (typeof value === "bigint" || typeof value === "number") {
      text.push(`${value},`); // JSON has no infinity, which 1e999 is
    } else if (typeof value !== "object" || value === null || !("type" in value)) {
      text.push(JSON.stringify(value) ?? "undefined", ",");
    } else writeNode(value as AnyNode);
  }

  function writeNode(node: AnyNode): void {
    const binding = program.bindings.get(node);
    const named = node.type === "NewExpression" ? file(node) : undefined;
    if (named !== undefined) text.push(named, ",");
    else if (binding && (binding.imported || program.isOfModule(binding))) text.push(refer(binding), ",");
    else if (binding) {
      if (!locals.has(binding)) locals.set(binding, locals.size);
      text.push(`$${locals.get(binding)},`);
    } else if (node.type === "Literal" && "regex" in node && node.regex) {
      text.push(`/${JSON.stringify([node.regex.pattern, node.regex.flags])},`);
    } else {
      text.push(node.type, "(");
      const keys = Object.keys(node).filter((key) => !dropped.has(key));
      for (const key of keys.sort()) {
        text.push(key, ":");
        if (key === "key" && "computed" in node && !node.computed) writeKey(node[key as keyof AnyNode]);
        else write(node[key as keyof AnyNode]);
      }
      text.push(")");
    }
  }

  /** A property's name, with quotes or without. */
  function writeKey(key: unknown): void {
    const { type, name, value } = key as { type: string; name?: string; value?: unknown };
    if (type === "Identifier") text.push(JSON.stringify(name), ",");
    else if (type === "Literal" && typeof value === "string") text.push(JSON.stringify(value), ",");
    else write(key);
  }

  writeNode(part);
  return text.join("");
}

/**
 * The normal form of what a stage reaches, by which the same code is known: the parts in the order in which
 * they are first needed, names of the module replaced by their numbers in that order. What is evaluated when
 * the modules are loaded follows, file by file in the order of the text; the order of files, which is that of
 * imports, does not count.
 *
 * @param value the part that the stage is
 * @param reached all that counts, `value` and effects included
 */
export function normalForm(
  value: Declaration,
  reached: ReadonlySet<Declaration>,
  effects: ReadonlySet<Declaration>,
  program: Declarations,
  file: Writing["file"],
): string {
  const { parts, partOf } = program;

  /** Writes parts and, after each, all that they need and that has no number yet. */
  function write(starts: readonly Declaration[], numbers: Map<Declaration, number>): string {
    const numberOf = (part: Declaration): number => {
      if (!numbers.has(part)) numbers.set(part, numbers.size);
      return numbers.get(part)!;
    };
    const refer = (binding: Binding): string => {
      if (binding.imported) return importText(binding);
      const part = partOf.get(binding)!;
      return `#${numberOf(part)}.${part.declares.indexOf(binding)}`;
    };
    const before = numbers.size;
    const order = starts.map((part) => numberOf(part)).join(" ");
    const texts = [...numbers.keys()].slice(before);
    const written: string[] = [];
    for (const part of texts) {
      const known = numbers.size;
      written.push(textOf(part, program, { refer, file }));
      texts.push(...[...numbers.keys()].slice(known));
    }
    return `${order}\n${written.join("\n")}\n`;
  }

  const numbers = new Map<Declaration, number>();
  const main = write([value], numbers);
  const evaluated = parts.filter((part) => reached.has(part) && (effects.has(part) || part.callsAtOnce));
  const groups = new Map<string | Declaration, Declaration[]>();
  for (const part of evaluated) {
    const file = part.file ?? part;
    groups.set(file, [...(groups.get(file) ?? []), part]);
  }
  const ordered = [...groups.values()]
    .map((group) => ({ group, rank: hash(write(group, new Map(numbers))) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return [main, ...ordered.map(({ group }) => write(group, numbers))].join("");
}

const importText = ({ imported }: Binding): string => JSON.stringify([imported!.module, imported!.name]);

/**
 * The text of a file's reached parts, with the names of the module as they are: to tell which file changed.
 */
export const fileText = (
  parts: readonly Declaration[],
  program: Declarations,
  namesFile: (node: NewExpression) => boolean,
) =>
  parts
    .map((part) =>
      textOf(part, program, {
        refer: (binding) => (binding.imported ? importText(binding) : binding.name),
        file: (node) => (namesFile(node) ? "file" : undefined),
      }),
    )
    .join("\n");
