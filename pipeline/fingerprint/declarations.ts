import { type AnyNode, parse } from "acorn";
import type { Bundle, Place } from "./bundle.ts";
import { type Mutation, mutationsIn, runsLater } from "./mutation.ts";
import { type Binding, boundBy, isFunction, type Resolved, resolve, within } from "./scopes.ts";

/** What of a module is kept or left out as one: a function, a class, a variable, or another statement. */
export interface Declaration {
  readonly node: AnyNode;
  readonly declares: readonly Binding[];
  /** What it needs of the module, in the order of the text. */
  readonly uses: readonly Binding[];
  readonly mutations: readonly Mutation[];
  /** Whether it calls anything right when the module is loaded. */
  readonly callsAtOnce: boolean;
  /** The file it was written in; none for what the bundler adds. */
  readonly file: string | undefined;
}

/** A bundle taken apart. */
export interface Declarations extends Resolved {
  /** In the order of the text. */
  readonly parts: readonly Declaration[];
  readonly partOf: ReadonlyMap<Binding, Declaration>;
  /** What the module exports, by name. */
  readonly exports: ReadonlyMap<string, Binding>;
  placeOf(node: AnyNode): Place | undefined;
}

export function declarationsOf({ text, placeOf }: Bundle): Declarations {
  const program = parse(text, { ecmaVersion: "latest", sourceType: "module", locations: true });
  const resolved = resolve(program);
  const place = ({ loc }: AnyNode) => placeOf(loc!.start.line, loc!.start.column);
  const exports = new Map<string, Binding>();
  const parts: Declaration[] = [];

  const add = (node: AnyNode, declares: readonly Binding[]) => {
    const nodes = within(node);
    const used = new Set(nodes.flatMap((inner) => resolved.bindings.get(inner) ?? []));
    parts.push({
      node,
      declares,
      uses: [...used].filter((binding) => resolved.isOfModule(binding)),
      mutations: [...mutationsIn(node, resolved)],
      callsAtOnce: nodes.some((inner) => isCall(inner) && !runsLater(inner, resolved)),
      file: place(node)?.file,
    });
  };
  for (const statement of program.body) {
    if (statement.type === "ExportNamedDeclaration") {
      for (const { local, exported } of statement.specifiers) {
        const binding = resolved.bindings.get(local);
        if (binding && exported.type === "Identifier") exports.set(exported.name, binding);
      }
    } else if (statement.type === "VariableDeclaration") {
      for (const declarator of statement.declarations) {
        add(
          declarator,
          boundBy(declarator.id).map((bound) => resolved.bindings.get(bound)!),
        );
      }
    } else if (isFunction(statement) || statement.type === "ClassDeclaration") {
      add(statement, [resolved.bindings.get(statement.id!)!]);
    } else if (statement.type !== "ImportDeclaration" || statement.specifiers.length === 0) {
      add(statement, []);
    }
  }
  const partOf = new Map(parts.flatMap((part) => part.declares.map((binding) => [binding, part] as const)));
  return { ...resolved, parts, partOf, exports, placeOf: place };
}

const isCall = ({ type }: AnyNode): boolean =>
  type === "CallExpression" || type === "NewExpression" || type === "TaggedTemplateExpression";

/** The parts that others need, themselves included, in the order of first need. */
export function reachedFrom(
  starts: readonly Declaration[],
  partOf: Declarations["partOf"],
): Set<Declaration> {
  const reached = new Set(starts);
  for (const { uses } of reached) {
    for (const binding of uses) {
      const part = partOf.get(binding);
      if (part) reached.add(part);
    }
  }
  return reached;
}
