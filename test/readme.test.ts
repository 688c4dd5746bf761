// @module-tag process
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { titled } from "./golden.ts";
import { Project, root } from "./project.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const built = existsSync(join(root, "dist/pipeline/index.js"));

/** The README's pipeline of two toy stages, as printed. */
const toy = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;

describe.skipIf(!built)(titled("the README's own pipeline", built, "a build"), () => {
  const project = new Project(["@types/node"]);
  afterAll(() => project.remove());

  it("is a matter of thirty lines of code", () => {
    const code = toy.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("//"));
    expect(code.length).toBeLessThanOrEqual(30);
  });

  it("satisfies the compiler", () => {
    const compilerOptions = {
      ...{ target: "es2023", module: "nodenext", types: ["node"] },
      ...{ strict: true, skipLibCheck: true },
    };
    project.write("package.json", JSON.stringify({ type: "module" }));
    project.write("tsconfig.json", JSON.stringify({ compilerOptions }));
    project.write("toy.ts", toy);
    expect(project.compile()).toBe("");
  });

  it("does what it says, and remembers it in the next process", () => {
    const first = project.run("node toy.js");
    const [variance, ...events] = first.trim().split("\n");
    expect(Number(variance)).toBe(varianceOfWalk(1000));
    expect(events).toEqual(["planned", "hit", "hit", "summary"]);
    expect(project.run("node toy.js")).toBe(first);
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
