// @module-tag slow
import { join } from "node:path";
import fc, { type GeneratorValue } from "fast-check";
import { expect, test } from "vitest";
import { fingerprintsOf } from "../../../pipeline/index.ts";
import { project } from "./project.ts";

/** Something that a module declares: its constant, and the declarations it is made from (by index). */
interface Declaration {
  readonly module: number;
  readonly kind: "sum" | "table" | "called" | "function" | "arrow";
  readonly constant: number;
  readonly uses: readonly number[];
}

interface Program {
  readonly declarations: readonly Declaration[];
  /** The declarations that each stage uses. */
  readonly stages: readonly (readonly number[])[];
}

function programFrom(g: GeneratorValue): Program {
  const count = g(fc.integer, { min: 1, max: 12 });
  const some = (below: number) =>
    below === 0 ? [] : g(fc.uniqueArray<number, number>, fc.nat({ max: below - 1 }), { maxLength: 3 });
  const declarations = Array.from({ length: count }, (_, index): Declaration => {
    const kind = g(fc.constantFrom<Declaration["kind"][]>, "sum", "table", "called", "function", "arrow");
    // Functions may use what comes later, and so each other; values need what they are made from.
    const uses = some(kind === "function" || kind === "arrow" ? count : index);
    return { module: g(fc.nat, { max: 3 }), kind, constant: g(fc.nat, { max: 99 }), uses };
  });
  const stages = Array.from({ length: g(fc.integer, { min: 1, max: 4 }) }, () => some(count));
  return { declarations, stages };
}

/** The program's modules, with names, comments, blank lines and orders of imports as they come. */
function written({ declarations, stages }: Program, g: GeneratorValue): Record<string, string> {
  const comment = () =>
    g(fc.constantFrom<string[]>, "", "\n", " /* seven */ ", "// eight\n", "\n\n/** nine */\n");
  const shuffled = <T>(items: readonly T[]) =>
    g(fc.shuffledSubarray<T>, [...items], { minLength: items.length, maxLength: items.length });
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const exported = declarations.map((_, index) => `${g(fc.constantFrom<string[]>, "x", "y")}${index}`);

  function moduleText(
    own: readonly number[],
    uses: readonly number[],
    last: (name: Names) => string,
  ): string {
    const names = new Map<number, string>();
    const free = shuffled(letters);
    for (const index of new Set([...own, ...uses])) names.set(index, free.pop()!);
    const foreign = shuffled([...new Set(uses)].filter((index) => !own.includes(index)));
    const imports = foreign.map(
      (index) =>
        `import { ${exported[index]} as ${names.get(index)} } from "./m${declarations[index]!.module}.js";`,
    );
    const bodies = own.map((index) => `${declared(declarations[index]!, names, index)}${comment()}`);
    const exports = own.map((index) => `export { ${names.get(index)} as ${exported[index]} };`);
    return [...imports, ...bodies, last(names), ...shuffled(exports)]
      .map((line) => comment() + line)
      .join("\n");
  }

  function declared({ kind, constant, uses }: Declaration, names: Names, index: number): string {
    const name = names.get(index)!;
    const used = uses.map((use) => names.get(use)!);
    // A name that stands for something in the module, where the function does not use that, is as good as any.
    const [parameter, local] = shuffled(
      letters.filter((letter) => letter !== name && !used.includes(letter)),
    );
    const sum = [constant, ...used].join(` + ${comment()}`);
    const calls = used.map((callee) => ` + ${callee}(${local})`).join("");
    const body = `{ const ${local} = ${parameter} * ${constant};${comment()} return ${local}${calls}; }`;
    switch (kind) {
      case "sum":
        return `const ${name} = ${sum};`;
      case "table":
        return `const ${name} = { constant: ${constant},${comment()} parts: [${used}] };`;
      case "called":
        return `const ${name} = ((${parameter}) => ${parameter})(${sum});`;
      case "function":
        return `function ${name}(${parameter}) ${body}`;
      case "arrow":
        return `const ${name} = (${parameter}) => ${body};`;
    }
  }

  const modules = [0, 1, 2, 3].map((module) => {
    const own = declarations.flatMap((declaration, index) => (declaration.module === module ? [index] : []));
    const uses = own.flatMap((index) => declarations[index]!.uses);
    return [`m${module}.js`, moduleText(own, uses, () => "")] as const;
  });
  const roots = stages.map((uses, index) => {
    const run = (names: Names) =>
      `export default { id: "s${index}", run: () => [${uses.map((use) => names.get(use))}] };`;
    return [`s${index}.js`, moduleText([], uses, run)] as const;
  });
  return Object.fromEntries([...modules, ...roots]);
}

type Names = ReadonlyMap<number, string>;

/** Whether a stage reaches a declaration, told from the program itself. */
function reaches({ declarations, stages }: Program, stage: number, target: number): boolean {
  const reached = new Set(stages[stage]);
  for (const index of reached) for (const use of declarations[index]!.uses) reached.add(use);
  return reached.has(target);
}

const cases = Number(process.env.FUZZ_CASES ?? 100);

test("whatever the names, comments and imports, a constant changes exactly the stages that reach it", async () => {
  const seen = { reached: 0, missed: 0 };
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const program = programFrom(g);
      const target = g(fc.nat, { max: program.declarations.length - 1 });
      const changed = {
        ...program,
        declarations: program.declarations.map((declaration, index) =>
          index === target ? { ...declaration, constant: declaration.constant + 100 } : declaration,
        ),
      };
      const versions = [written(program, g), written(program, g), written(changed, g)];
      const files = versions.flatMap((texts, version) =>
        Object.entries(texts).map(([name, text]) => [`${version}/${name}`, text] as const),
      );
      const folder = project(Object.fromEntries(files));
      const ids = versions.flatMap((_, version) =>
        program.stages.map((_, stage) => `${version}/s${stage}.js`),
      );
      const of = await fingerprintsOf(Object.fromEntries(ids.map((id) => [id, join(folder, id)])));
      program.stages.forEach((_, stage) => {
        const [before, restyled, edited] = [0, 1, 2].map(
          (version) => of({ id: `${version}/s${stage}.js` }).code,
        );
        expect(restyled).toBe(before);
        const reached = reaches(program, stage, target);
        seen[reached ? "reached" : "missed"]++;
        expect(edited !== before).toBe(reached);
      });
    }),
    { numRuns: cases },
  );
  expect(Math.min(seen.reached, seen.missed)).toBeGreaterThan(cases / 10);
});
