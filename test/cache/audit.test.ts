import { expect, test } from "vitest";
import { memoryStore } from "../../cache/index.ts";
import { type AuditFinding, audit, sampleOf } from "../../cache/inspect.ts";
import { inProcess } from "../../pipeline/executors.ts";
import type { Stage } from "../../pipeline/index.ts";
import type { Result } from "../../pipeline/testing.ts";
import { add, adding, engineOf, num } from "../support/harness.ts";

async function audited(stages: readonly Stage[], change?: (results: Result[]) => Promise<void>) {
  const store = memoryStore();
  const { engine } = engineOf([add], { store });
  await engine.compute(adding("b", { n: 1 }, { a: adding("a", { n: 2 }) }));
  const results = store.entries().sort((a, b) => (a.preImage.stage < b.preImage.stage ? -1 : 1));
  await change?.(results);
  const before = JSON.stringify([store.entries(), store.stats()]);
  const findings: AuditFinding[] = [];
  const suspects = results.map((result) => ({ id: "add", result }));
  for await (const finding of audit(store, suspects, (shadow) => inProcess(shadow, stages)))
    findings.push(finding);
  expect(JSON.stringify([store.entries(), store.stats()])).toBe(before);
  return findings;
}

test("a stage that gives the same bits again is told as equal", async () => {
  expect(await audited([add])).toMatchObject([
    { stage: "add/a", outcome: "equal" },
    { stage: "add/b", outcome: "equal" },
  ]);
});

test("one that gives others is not, and nothing is written over", async () => {
  const other = { ...add, run: async () => num(7) };
  expect(await audited([other as Stage])).toMatchObject([
    { stage: "add/a", outcome: "different", difference: { values: [{ path: "n", from: 2, to: 7 }] } },
    { stage: "add/b", outcome: "different", difference: { values: [{ path: "n", from: 3, to: 7 }] } },
  ]);
});

test("one that fails this time is told with its failure", async () => {
  const failing: Stage = {
    ...add,
    run: async () => {
      throw new Error("no");
    },
  } as unknown as Stage;
  expect(await audited([failing])).toMatchObject([
    { outcome: "failed", failure: { kind: "stage", message: "no" } },
    { outcome: "failed" },
  ]);
});

test("a sample is of the size asked for, rounded up, in order, and depends on its seed", () => {
  const items = Array.from({ length: 30 }, (_, index) => String(index));
  const of = (fraction: number, seed: string) => sampleOf(items, fraction, seed, (item) => item);
  expect(of(0.1, "1")).toHaveLength(3);
  expect(of(0.01, "1")).toHaveLength(1);
  expect(of(0, "1")).toEqual([]);
  expect(of(1, "1")).toEqual(items);
  expect(of(0.3, "1")).toEqual(of(0.3, "1"));
  expect(of(0.3, "1")).not.toEqual(of(0.3, "2"));
  expect(of(0.3, "1")).toEqual(of(0.3, "1").toSorted((a, b) => Number(a) - Number(b)));
});
