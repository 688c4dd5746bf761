import type {
  AnyNode,
  ArrowFunctionExpression,
  ClassDeclaration,
  ClassExpression,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
  Pattern,
  Program,
} from "acorn";

type FunctionNode = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

/** A name of the program: what declares it, and what it stands for as far as the text tells. */
export interface Binding {
  readonly name: string;
  readonly kind: "variable" | "parameter" | "function" | "class" | "import";
  readonly node: Identifier;
  readonly scope: Scope;
  /** The value it is first given, or (of a pattern, of a loop) what that value is part of. */
  readonly from?: AnyNode;
  /** Whether it is that for good. */
  readonly constant?: boolean;
  /** Of an import: the module and the name there; "*" for all of it. */
  readonly imported?: { readonly module: string; readonly name: string };
}

interface Scope {
  readonly parent?: Scope;
  /** Whether `var` belongs here. */
  readonly holdsVar: boolean;
  readonly bindings: Map<string, Binding>;
}

/** A program in which every identifier that stands for a value is resolved. */
export interface Resolved {
  readonly program: Program;
  /** Declarations and uses; an identifier that is missing is a property's name, a label or a global. */
  readonly bindings: ReadonlyMap<AnyNode, Binding>;
  /** Uses of what the program does not declare. */
  readonly globals: ReadonlySet<AnyNode>;
  readonly parents: ReadonlyMap<AnyNode, AnyNode>;
  isOfModule(binding: Binding): boolean;
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** The nodes right below one. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const key in node) {
    const value: unknown = node[key as keyof AnyNode];
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) children.push(...value.filter(isNode));
  }
  return children;
}

/** A node and all below it, each before those below it, in the order of the text. */
export function within(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  const open = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    found.push(next);
    open.push(...childrenOf(next).reverse());
  }
  return found;
}

export const isFunction = (node: AnyNode): node is FunctionNode =>
  node.type === "FunctionDeclaration" ||
  node.type === "FunctionExpression" ||
  node.type === "ArrowFunctionExpression";

export const isClass = (node: AnyNode): node is ClassDeclaration | ClassExpression =>
  node.type === "ClassDeclaration" || node.type === "ClassExpression";

/** The identifiers that a pattern binds. */
export function boundBy(pattern: Pattern): Identifier[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return pattern.properties.flatMap((part) =>
        boundBy(part.type === "RestElement" ? part.argument : part.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((part) => (part ? boundBy(part) : []));
    case "RestElement":
      return boundBy(pattern.argument);
    case "AssignmentPattern":
      return boundBy(pattern.left);
    default:
      return []; // a member: assigned to, not declared
  }
}

/** Resolves the identifiers of an ES module. */
export function resolve(program: Program): Resolved {
  const scopes = new Map<AnyNode, Scope>();
  const bindings = new Map<AnyNode, Binding>();
  const globals = new Set<AnyNode>();
  const parents = new Map<AnyNode, AnyNode>();

  const declare = (scope: Scope, node: Identifier, about: Omit<Binding, "name" | "node" | "scope">) => {
    const known = scope.bindings.get(node.name);
    const binding = known ?? { ...about, name: node.name, node, scope };
    scope.bindings.set(node.name, binding);
    bindings.set(node, binding);
  };

  /** Makes the scopes and enters all declarations, so that uses before them resolve too. */
  function enter(node: AnyNode, outer: Scope): void {
    let scope = outer;
    if (opensScope(node, parents.get(node))) {
      const holdsVar = node.type === "Program" || node.type === "StaticBlock" || isBody(node);
      scope = { parent: outer, holdsVar, bindings: new Map() };
    }
    scopes.set(node, scope);
    if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
      if (node.id) declare(outer, node.id, { kind: isClass(node) ? "class" : "function", from: node });
    } else if ((node.type === "FunctionExpression" || node.type === "ClassExpression") && node.id) {
      declare(scope, node.id, { kind: isClass(node) ? "class" : "function", from: node });
    }
    if (isFunction(node)) {
      for (const parameter of node.params.flatMap(boundBy)) declare(scope, parameter, { kind: "parameter" });
    } else if (node.type === "CatchClause" && node.param) {
      for (const parameter of boundBy(node.param)) declare(scope, parameter, { kind: "parameter" });
    } else if (node.type === "VariableDeclaration") {
      let home = scope;
      while (node.kind === "var" && !home.holdsVar) home = home.parent!;
      const loop = parents.get(node);
      const source = loop?.type === "ForOfStatement" && loop.left === node ? loop.right : undefined;
      for (const { id, init } of node.declarations) {
        const from = init ?? source;
        const about = { kind: "variable", constant: node.kind === "const", ...(from && { from }) } as const;
        for (const bound of boundBy(id)) declare(home, bound, about);
      }
    } else if (node.type === "ImportDeclaration") {
      const module = String(node.source.value);
      for (const part of node.specifiers) {
        const name = part.type === "ImportSpecifier" ? nameOf(part.imported) : importsAll(part.type);
        declare(scope, part.local, { kind: "import", imported: { module, name } });
      }
    }
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      enter(child, scope);
    }
  }

  function use(node: AnyNode): void {
    if (node.type === "ImportDeclaration") return;
    if (node.type === "Identifier" && !bindings.has(node) && isValue(node, parents.get(node)!)) {
      let scope: Scope | undefined = scopes.get(node);
      while (scope && !scope.bindings.has(node.name)) scope = scope.parent;
      const binding = scope?.bindings.get(node.name);
      if (binding) bindings.set(node, binding);
      else globals.add(node);
    }
    for (const child of childrenOf(node)) use(child);
  }

  enter(program, { holdsVar: true, bindings: new Map() });
  use(program);
  const module = scopes.get(program);
  return { program, bindings, globals, parents, isOfModule: ({ scope }) => scope === module };

  /** A function's body has a scope inside that of its parameters: defaults do not see its variables. */
  function isBody(node: AnyNode): boolean {
    const parent = parents.get(node);
    return parent !== undefined && isFunction(parent) && parent.body === node;
  }
}

const nameOf = (name: AnyNode): string =>
  name.type === "Identifier" ? name.name : String((name as { value: unknown }).value);

const importsAll = (type: string): string => (type === "ImportDefaultSpecifier" ? "default" : "*");

function opensScope(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (node.type === "BlockStatement") return parent?.type !== "CatchClause";
  return (
    isFunction(node) ||
    isClass(node) ||
    ["Program", "StaticBlock", "CatchClause", "SwitchStatement"].includes(node.type) ||
    ["ForStatement", "ForInStatement", "ForOfStatement"].includes(node.type)
  );
}

/** Whether an identifier stands for a value, and is not the name of a property, a label or an export. */
function isValue(node: Identifier, parent: AnyNode): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return parent.object === node || parent.computed;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.value === node || parent.computed;
    case "ExportSpecifier":
      return parent.local === node;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
    case "ImportAttribute":
    case "ExportAllDeclaration":
      return false;
    default:
      return true;
  }
}
