import type { AnyNode, CallExpression } from "acorn";
import { type Binding, childrenOf, isClass, isFunction, type Resolved, within } from "./scopes.ts";

/** A place that changes what a name stands for, or what that holds. */
export interface Mutation {
  readonly node: AnyNode;
  /** What is changed: a name, the `this` of a method, a global, or nothing that the text tells. */
  readonly of: Binding | ThisOwner | "global" | undefined;
  /** Set anew, rather than changed within. */
  readonly reassigns: boolean;
}

/** The object literal or class whose methods' `this` is changed. */
export interface ThisOwner {
  readonly owner: AnyNode;
  /** Whether it is the owner itself, not an instance of it. */
  readonly itself: boolean;
}

/** Methods that only lists have, and that change them. */
const ofLists = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
]);
/** Methods that change containers, but may be harmless in other objects. */
const ofContainers = new Set(["set", "add", "delete", "clear", "next"]);
/** Functions that change their first argument. */
const ofFirst =
  /^(Object\.(assign|definePropert(y|ies)|setPrototypeOf|freeze|seal)|Reflect\.(set|deleteProperty|defineProperty)|Atomics\.(add|and|compareExchange|exchange|or|store|sub|xor)|__export)$/;
/** Methods that give a part of what they are called on. */
const parts = new Set(["get", "at", "find", "findLast", "subarray"]);
/** Methods that call what they are given before they return. */
const callers =
  /^(forEach|map|flatMap|filter|reduce|reduceRight|some|every|find|findIndex|findLast|findLastIndex|sort|toSorted|from|replace|replaceAll)$/;

/** The mutations in a piece of the program. */
export function* mutationsIn(piece: AnyNode, program: Resolved): Generator<Mutation> {
  for (const node of within(piece)) {
    if (node.type === "AssignmentExpression") yield* assigned(node.left, node, program);
    else if (node.type === "UpdateExpression") yield* assigned(node.argument, node, program);
    else if (node.type === "ForOfStatement" || node.type === "ForInStatement") {
      if (node.left.type !== "VariableDeclaration") yield* assigned(node.left, node, program);
    } else if (node.type === "UnaryExpression" && node.operator === "delete") {
      yield* assigned(node.argument, node, program);
    } else if (node.type === "CallExpression") yield* called(node, program);
  }
}

function* assigned(target: AnyNode, node: AnyNode, program: Resolved): Generator<Mutation> {
  if (target.type === "Identifier") {
    yield { node, of: program.bindings.get(target) ?? "global", reassigns: true };
  } else if (target.type === "MemberExpression") {
    yield { node, of: rootOf(target.object, program), reassigns: false };
  } else if (target.type === "ChainExpression") yield* assigned(target.expression, node, program);
  else if (target.type === "AssignmentPattern") yield* assigned(target.left, node, program);
  else if (target.type === "Property") yield* assigned(target.value, node, program);
  else for (const part of childrenOf(target)) yield* assigned(part, node, program);
}

function* called(node: CallExpression, program: Resolved): Generator<Mutation> {
  const { callee, arguments: given } = node;
  const path = pathOf(callee, program) ?? (callee.type === "Identifier" ? callee.name : "");
  if (ofFirst.test(path)) {
    if (given[0]) yield { node, of: rootOf(given[0], program), reassigns: false };
    return;
  }
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier" || callee.computed) return;
  const of = rootOf(callee.object, program);
  if (of === "global" || of === undefined || callee.object.type === "Super") return;
  const { name } = callee.property;
  const changes =
    ofLists.has(name) ||
    (ofContainers.has(name) && mayBeContainer(of, program)) ||
    (["exec", "test"].includes(name) && isStickyPattern(of));
  const isPackage = "imported" in of && of.imported !== undefined;
  if (changes && !isPackage) yield { node, of, reassigns: false };
}

/** Whether `add` or `set` of it may change it: not where it is an instance of a class that is known not to. */
function mayBeContainer(of: Binding | ThisOwner, program: Resolved): boolean {
  if (!("from" in of) || !of.from) return true;
  if (of.from.type !== "NewExpression" && of.from.type !== "CallExpression") return true;
  const { callee } = of.from;
  const root = rootOf(callee as AnyNode, program);
  if (root === "global" || root === undefined) return true;
  if ("imported" in root && root.imported) return false;
  return (
    of.from.type === "CallExpression" ||
    ("from" in root && root.from !== undefined && isMaker(root.from, program))
  );
}

const isStickyPattern = (of: Binding | ThisOwner): boolean =>
  "from" in of &&
  of.from?.type === "Literal" &&
  "regex" in of.from &&
  /[gy]/.test(of.from.regex?.flags ?? "");

/** What an expression is, or is part of: followed through members and through names that only stand for it. */
function rootOf(node: AnyNode, program: Resolved): Mutation["of"] {
  if (node.type === "MemberExpression") return rootOf(node.object, program);
  if (node.type === "ChainExpression") return rootOf(node.expression, program);
  if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
    const { property, object } = node.callee;
    return property.type === "Identifier" && parts.has(property.name) ? rootOf(object, program) : undefined;
  }
  if (node.type === "ThisExpression") return ownerOfThis(node, program);
  if (node.type !== "Identifier") return undefined;
  const binding = program.bindings.get(node);
  if (!binding) return program.globals.has(node) ? "global" : undefined;
  if (program.isOfModule(binding) || !binding.constant || !binding.from) return binding;
  return rootOf(binding.from, program) ?? binding;
}

function ownerOfThis(node: AnyNode, { parents }: Resolved): ThisOwner | undefined {
  for (let at = node, above = parents.get(at); above; at = above, above = parents.get(at)) {
    if (at.type === "StaticBlock") return { owner: parents.get(above)!, itself: true };
    const field = above.type === "PropertyDefinition" && above.value === at;
    const method = isFunction(at) && at.type !== "ArrowFunctionExpression";
    if (!field && !method) continue;
    if (above.type === "Property") return { owner: parents.get(above)!, itself: true };
    if (above.type !== "MethodDefinition" && above.type !== "PropertyDefinition") return undefined;
    if (above.type === "MethodDefinition" && above.kind === "constructor") return undefined;
    // What a field is set to when an instance is made changes nothing; functions in it do.
    return { owner: parents.get(parents.get(above)!)!, itself: above.static };
  }
  return undefined;
}

/**
 * Whether it runs later than the text around it: in a function, unless that is called where it stands.
 *
 * @param around as far out as to look; the whole module unless given
 */
export function runsLater(node: AnyNode, { parents }: Resolved, around?: AnyNode): boolean {
  for (let at = node, above = parents.get(at); above && at !== around; at = above, above = parents.get(at)) {
    if (isFunction(at) && !isCalledWhereItStands(at, above)) return true;
    if (above.type === "PropertyDefinition" && !above.static && above.value === at) return true;
  }
  return false;
}

function isCalledWhereItStands(node: AnyNode, above: AnyNode): boolean {
  if (above.type !== "CallExpression") return false;
  if (above.callee === node) return true;
  const { callee } = above;
  return (
    callee.type === "MemberExpression" &&
    callee.property.type === "Identifier" &&
    callers.test(callee.property.name)
  );
}

/**
 * Whether what it makes has state of its own: instances whose methods change them, or functions that change
 * what they close over.
 */
export function isMaker(node: AnyNode, program: Resolved): boolean {
  for (const { of, node: site } of mutationsIn(node, program)) {
    if (of === undefined || of === "global") continue;
    if ("owner" in of) {
      if (isClass(node) && of.owner === node && !of.itself && !inField(site, program)) return true;
    } else if (isFunction(node) && declaredIn(of, node, program) && runsLater(site, program, node))
      return true;
  }
  return false;
}

const inField = (site: AnyNode, { parents }: Resolved): boolean => {
  let at: AnyNode | undefined = site;
  while (at && !isFunction(at)) at = parents.get(at);
  return at === undefined;
};

/** Whether a name is a variable of that function itself, not of one within it. */
function declaredIn({ node, kind }: Binding, maker: AnyNode, { parents }: Resolved): boolean {
  let at = kind === "function" ? parents.get(parents.get(node)!) : parents.get(node);
  while (at && !isFunction(at)) at = parents.get(at);
  return at === maker;
}

/** The dotted path of a global or of an import of Node's modules: "Math.random", "process.env". */
export function pathOf(node: AnyNode, program: Resolved): string | undefined {
  if (node.type === "ChainExpression") return pathOf(node.expression, program);
  if (node.type === "MemberExpression") {
    const object = pathOf(node.object, program);
    const { property } = node;
    if (object === undefined) return undefined;
    const name = node.computed
      ? property.type === "Literal" && String(property.value)
      : property.type === "Identifier" && property.name;
    if (!name) return object;
    return ["globalThis", "global"].includes(object) ? name : `${object}.${name}`;
  }
  if (node.type !== "Identifier") return undefined;
  if (program.globals.has(node)) return node.name;
  const imported = program.bindings.get(node)?.imported;
  if (!imported) return undefined;
  const module = imported.module.replace(/^node:/, "");
  return ["default", "*"].includes(imported.name) ? module : `${module}.${imported.name}`;
}
