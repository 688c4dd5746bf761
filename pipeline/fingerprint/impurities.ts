import type { AnyNode } from "acorn";
import type { Place } from "./bundle.ts";
import type { Declaration, Declarations } from "./declarations.ts";
import { isMaker, type Mutation, pathOf, runsLater } from "./mutation.ts";
import { isClass, isFunction, within } from "./scopes.ts";

/** Something in the code of a stage by which its results may depend on what no fingerprint can see. */
export interface Impurity {
  /** Where it is done, and where what is changed is declared: at either it can be vouched for. */
  readonly places: readonly (Place | undefined)[];
  /** What is wrong, as the end of a sentence that begins with where. */
  readonly what: string;
  readonly remedy: string;
}

/** Globals and modules of Node by which the clock, chance, the machine or others come in. */
const outside =
  /^(process|os|child_process|perf_hooks|performance|navigator|fetch|https?|net|dns|Math\.random|Date\.now|crypto\.(random\w*|getRandomValues|webcrypto))(\.|$)/;

/** All that is to be rejected in a part that a stage reaches. */
export function* impuritiesIn(part: Declaration, program: Declarations): Generator<Impurity> {
  for (const node of within(part.node)) {
    const found = unseen(node, program) ?? fromOutside(node, program);
    if (found) yield { ...found, places: [program.placeOf(node)] };
  }
  for (const mutation of part.mutations) {
    const found = changesState(mutation, program);
    if (found) yield found;
  }
  yield* statefulMakes(part, program);
}

type Told = Omit<Impurity, "places">;

/** Code and files that are not known before the stage runs. */
function unseen(node: AnyNode, program: Declarations): Told | undefined {
  if (node.type === "ImportExpression") {
    return {
      what: "imports dynamically, so which code runs is not known beforehand",
      remedy: "write `import … from …` at the top of the module",
    };
  }
  if (node.type === "MetaProperty" && node.meta.name === "import" && !fileNamedAt(node, program)) {
    return {
      what: "uses import.meta, by which files come in that are not seen",
      remedy: 'write new URL("./file", import.meta.url), with the name spelt out, or make the file an input',
    };
  }
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return undefined;
  const { callee } = node;
  const path = pathOf(callee, program);
  const name = callee.type === "Identifier" ? callee.name : undefined;
  if (path === "require" || path === "module.createRequire" || name === "__require") {
    return { what: "calls require, so which code runs is not known beforehand", remedy: "use import" };
  }
  if (name === "__commonJS") {
    return {
      what: "is a CommonJS module, whose parts cannot be told apart",
      remedy: "write it as an ES module",
    };
  }
  if (path === "eval" || path === "Function" || path?.startsWith("vm.")) {
    return { what: `makes code from text with ${path}`, remedy: "write the code out" };
  }
  if (path && /^fs[./]/.test(path) && !namesFile(node.arguments[0], program)) {
    const what = `reads or writes files with ${path}, which are not known beforehand`;
    return { what, remedy: 'make it an input, or name it by new URL("./file", import.meta.url)' };
  }
  return undefined;
}

/** Whether an argument is made from a file that is named, there or where its name is declared. */
function namesFile(argument: AnyNode | undefined, program: Declarations): boolean {
  if (!argument) return false;
  const origins = within(argument).flatMap((node) => [node, program.bindings.get(node)?.from ?? []].flat());
  return origins.flatMap((node) => within(node)).some((node) => fileNamedAt(node, program) !== undefined);
}

/** The name in `new URL("name", import.meta.url)`, of which this is the `import.meta`. */
export function fileNamedAt(meta: AnyNode, { parents, globals }: Declarations): string | undefined {
  const url = meta.type === "MetaProperty" ? parents.get(meta) : undefined;
  const made = url && parents.get(url);
  if (url?.type !== "MemberExpression" || made?.type !== "NewExpression") return undefined;
  if (url.property.type !== "Identifier" || url.property.name !== "url") return undefined;
  const [name, base] = made.arguments;
  if (made.callee.type !== "Identifier" || made.callee.name !== "URL" || base !== url) return undefined;
  if (!globals.has(made.callee) || name?.type !== "Literal" || typeof name.value !== "string")
    return undefined;
  return name.value;
}

/** The clock, chance, the environment. */
function fromOutside(node: AnyNode, program: Declarations): Told | undefined {
  const remedy = "make it a parameter or an input";
  const parent = program.parents.get(node);
  if (
    (node.type === "NewExpression" || node.type === "CallExpression") &&
    pathOf(node.callee, program) === "Date"
  ) {
    const now = node.type === "CallExpression" || node.arguments.length === 0;
    return now ? { what: "reads the clock with Date", remedy } : undefined;
  }
  // Of a path only the longest is told: process.env.HOME, not process too.
  if (parent?.type === "MemberExpression" && parent.object === node && pathOf(parent, program))
    return undefined;
  if (parent?.type === "UnaryExpression" && parent.operator === "typeof") return undefined;
  const path = pathOf(node, program) ?? takenApart(node, program);
  return path && outside.test(path)
    ? { what: `uses ${path}, which differs from run to run`, remedy }
    : undefined;
}

/** Of `{ random } = Math`: the path "Math.random". */
function takenApart(node: AnyNode, program: Declarations): string | undefined {
  if (node.type !== "Property" || node.key.type !== "Identifier") return undefined;
  const pattern = program.parents.get(node);
  const declarator = pattern && program.parents.get(pattern);
  if (declarator?.type !== "VariableDeclarator" || declarator.id !== pattern || !declarator.init)
    return undefined;
  const path = pathOf(declarator.init, program);
  return path && `${path}.${node.key.name}`;
}

/** A function that changes what outlives it: what the stage computes could depend on what ran before. */
function changesState({ node, of, reassigns }: Mutation, program: Declarations): Impurity | undefined {
  if (of === undefined || !runsLater(node, program)) return undefined;
  const place = program.placeOf(node);
  if (of === "global") {
    const what = "changes a global, so that results may depend on what ran before";
    return { places: [place], what, remedy: "pass it as an argument" };
  }
  if ("owner" in of && !of.itself) return undefined;
  const declared = "owner" in of ? of.owner : of.node;
  // A function's name belongs to what is around the function.
  const home = "kind" in of && of.kind === "function" ? program.parents.get(declared)! : declared;
  if (runsLater(home === declared ? home : program.parents.get(home)!, program)) return undefined;
  const name = "owner" in of ? "this" : of.name;
  const what = `${reassigns ? "reassigns" : "changes"} ${name}, which outlives the call, so that results may depend on what ran before`;
  return {
    places: [place, program.placeOf(declared)],
    what,
    remedy: "make it inside the function, or pass it as an argument",
  };
}

/** Instances and closures with state of their own, made when the module is loaded. */
function* statefulMakes(part: Declaration, program: Declarations): Generator<Impurity> {
  for (const node of within(part.node)) {
    if ((node.type !== "CallExpression" && node.type !== "NewExpression") || runsLater(node, program))
      continue;
    const maker = node.callee.type === "Identifier" ? program.bindings.get(node.callee)?.from : undefined;
    if (!maker || !(isFunction(maker) || isClass(maker)) || !isMaker(maker, program)) continue;
    const { name } = node.callee as { name: string };
    yield {
      places: [program.placeOf(node)],
      what: `keeps what ${name} makes, which changes when it is used, so that results may depend on what ran before`,
      remedy: "make it inside the function",
    };
  }
}
