import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The fields of an object, by name: whether it may be absent. */
export type Fields = Readonly<Record<string, "required" | "optional">>;

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The members of exported unions of the framework, by what tells them apart, as the compiler sees them. */
export function unionsOf(
  file: string,
  unions: Readonly<Record<string, string>>,
): Record<string, Record<string, Fields>> {
  const program = ts.createProgram([path(file)], {
    ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true },
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    types: [],
  });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path(file))!)!;
  const exports = new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));
  return Object.fromEntries(
    Object.entries(unions).map(([union, tag]) => {
      const members = checker.getDeclaredTypeOfSymbol(exports.get(union)!) as ts.UnionType;
      return [union, Object.fromEntries(members.types.map((member) => fieldsOf(member, tag, checker)))];
    }),
  );
}

function fieldsOf(member: ts.Type, tag: string, checker: ts.TypeChecker): [string, Fields] {
  const fields: Record<string, Fields[string]> = {};
  let name = "";
  for (const property of member.getProperties()) {
    if (property.name === tag) name = (checker.getTypeOfSymbol(property) as ts.StringLiteralType).value;
    else fields[property.name] = property.flags & ts.SymbolFlags.Optional ? "optional" : "required";
  }
  return [name, fields];
}

const page = readFileSync(path("docs/events.md"), "utf8");

/** What docs/events.md says of each event: its fields, and an example line. */
export const documented: Readonly<Record<string, { readonly fields: Fields; readonly example: string }>> =
  Object.fromEntries(
    page
      .split(/^### /m)
      .slice(1)
      .map((section) => {
        const [, name = ""] = /^(\w+)\n/.exec(section) ?? [];
        const own = section.split(/^## /m)[0]!;
        const [, example = ""] = /```json\n(.*)\n```/.exec(own) ?? [];
        return [name, { fields: listed(rowsIn(own).map(([field = ""]) => field)), example }];
      }),
  );

/** What it says of each kind of reason or failure. */
export const kindsIn = (heading: string): Readonly<Record<string, Fields>> =>
  Object.fromEntries(
    rowsIn(page.split(`\n## ${heading}\n`)[1]!.split(/^## /m)[0]!).map(([kind = "", fields = ""]) => [
      kind,
      listed(fields.split(", ").filter(Boolean)),
    ]),
  );

function rowsIn(text: string): string[][] {
  return [...text.matchAll(/^\|(.*)\|$/gm)]
    .slice(2)
    .map(([, row]) => row!.split("|").map((cell) => cell.trim()));
}

function listed(names: readonly string[]): Fields {
  return Object.fromEntries(
    names.map((name) => (name.endsWith("?") ? [name.slice(0, -1), "optional"] : [name, "required"])),
  );
}

/** What is wrong with a line of `run --json`, by the page: nothing where it is one of the events, with its fields. */
export function faultIn(line: string): string | undefined {
  const { event, ...fields } = JSON.parse(line) as { event: string };
  const known = documented[event];
  if (!known) return `no event is called ${event}`;
  const names = Object.keys(fields);
  const odd = names.find((name) => !(name in known.fields));
  const lacking = Object.entries(known.fields).find(
    ([name, kind]) => kind === "required" && !names.includes(name),
  );
  if (odd !== undefined) return `${event} has no ${odd}`;
  return lacking && `${event} lacks ${lacking[0]}`;
}
