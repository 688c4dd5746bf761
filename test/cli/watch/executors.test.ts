import { describe, expect, it } from "vitest";
import { modules } from "../../../cli/configuration/code.ts";
import { Executors } from "../../../cli/watch/executors.ts";
import type { Assignment } from "../../../pipeline/executors.ts";
import type { Executor, Fingerprint } from "../../../pipeline/index.ts";
import type { Result } from "../../../pipeline/testing.ts";

const [first, second] = modules.stages;

/** An executor that remembers what it was given and ends when it is told to. */
class Bench implements Executor {
  readonly jobs: string[] = [];
  readonly #finish: (() => void)[] = [];
  isClosed = false;

  async execute({ key }: Assignment): Promise<Result> {
    this.jobs.push(key);
    await new Promise<void>((resolve) => this.#finish.push(resolve));
    return {} as Result;
  }

  finish(): void {
    for (const resolve of this.#finish.splice(0)) resolve();
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

/** Executors of codes in which each of two stages has the fingerprint given. */
function executorsOf() {
  const benches: Bench[] = [];
  const executors = new Executors(() => {
    benches.push(new Bench());
    return benches.at(-1)!;
  });
  const codeOf = (...codes: Fingerprint[]) => ({
    ...modules,
    fingerprint: ({ id }: { readonly id: string }) => codes[id === first!.id ? 0 : 1]!,
  });
  const run = (key: string, stage: { readonly id: string }, fingerprint: Fingerprint) => {
    const preImage = { stage: stage.id, ...fingerprint, params: {}, inputs: {} };
    const job = { stage: stage.id, key, preImage, again: false, owner: {} } as unknown as Assignment;
    return executors.execute(job, new AbortController().signal, () => {});
  };
  return { executors, benches, codeOf, run };
}

describe("executors of code that changes", () => {
  it("run a job where its stage's code is what its key says, the newest first", async () => {
    const { executors, benches, codeOf, run } = executorsOf();
    executors.add(codeOf({ code: "a" }, { code: "x", kernels: "k" }));
    executors.add(codeOf({ code: "b" }, { code: "x", kernels: "k" }));
    const jobs = [
      run("old", first!, { code: "a" }),
      run("new", first!, { code: "b" }),
      run("both", second!, { code: "x", kernels: "k", packages: {} }),
    ];
    expect(benches.map((bench) => bench.jobs)).toEqual([["old"], ["new", "both"]]);
    await expect(run("other kernels", second!, { code: "x", kernels: "l" })).rejects.toThrow("is gone");
    await expect(run("none", first!, { code: "c" })).rejects.toThrow("is gone");
    for (const bench of benches) bench.finish();
    await Promise.all(jobs);
  });

  it("let what began before a change end, and close when nothing is left to do", async () => {
    const { executors, benches, codeOf, run } = executorsOf();
    const [old, now] = [codeOf({ code: "a" }, { code: "x" }), codeOf({ code: "b" }, { code: "x" })];
    executors.add(old);
    const kept = run("kept", second!, { code: "x" });
    executors.add(now);
    expect(executors.fingerprint(first!)).toEqual({ code: "b" });
    executors.retireBefore(now);
    expect(benches.map(({ isClosed }) => isClosed)).toEqual([false, false]);
    benches[0]!.finish();
    await kept;
    expect(benches.map(({ isClosed }) => isClosed)).toEqual([true, false]);

    executors.add(now);
    expect(benches).toHaveLength(2);
    executors.add(old); // an edit that was taken back
    executors.retireBefore(old);
    expect(benches.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
    await executors.close();
    expect(benches.every(({ isClosed }) => isClosed)).toBe(true);
  });
});
