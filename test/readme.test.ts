import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { titled } from "./golden.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const built = existsSync(join(root, "dist/pipeline/index.js"));

/** The README's pipeline of two toy stages, as printed. */
const toy = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;

describe.skipIf(!built)(titled("the README's own pipeline", built, "a build"), () => {
  // Inside the package, so that it finds mesoflow by its name.
  const folder = mkdtempSync(join(root, "dist/readme-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is a matter of thirty lines of code", () => {
    const code = toy.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("//"));
    expect(code.length).toBeLessThanOrEqual(30);
  });

  it("satisfies the compiler", () => {
    const file = join(folder, "toy.ts");
    writeFileSync(file, toy);
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      types: ["node"],
    });
    const messages = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
    expect(messages).toEqual([]);
  });

  it("does what it says, and remembers it in the next process", () => {
    const file = join(folder, "toy.mjs");
    const { outputText } = ts.transpileModule(toy, {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
    });
    writeFileSync(file, outputText);
    const run = () => spawnSync(process.execPath, [file], { cwd: folder, encoding: "utf8" });
    const first = run();
    expect(first.stderr).toBe("");
    const [variance, ...events] = first.stdout.trim().split("\n");
    expect(Number(variance)).toBe(varianceOfWalk(1000));
    expect(events).toEqual(["planned", "hit", "hit", "summary"]);
    expect(run().stdout).toBe(first.stdout);
  });
});

/** The same, without any framework. */
function varianceOfWalk(steps: number): number {
  let [state, x, sum] = [7, 0, 0];
  for (let step = 0; step < steps; step++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    x += state & 65536 ? 1 : -1;
    sum += x * x;
  }
  return sum / steps;
}
