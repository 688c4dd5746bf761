import { expect, test } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import { place, type Stage, type Store } from "../../../pipeline/index.ts";
import { keyOf, type PreImage } from "../../../pipeline/inspect.ts";
import {
  add,
  adding,
  engineOf,
  heldStage,
  idle,
  num,
  record,
  until,
  withMethods,
} from "../../support/harness.ts";

/** A store in which these nodes took so many seconds once, with other parameters. */
async function storeWith(seconds: Readonly<Record<string, number>>): Promise<Store> {
  const store = memoryStore();
  for (const [stage, took] of Object.entries(seconds)) {
    const preImage: PreImage = { stage, code: "", params: {}, inputs: {} };
    const where = { host: "", pid: 0, node: "" };
    await store.commit({ key: keyOf(preImage), preImage, seconds: took, at: "", where }, num(0));
  }
  return store;
}

async function ground(seconds: Readonly<Record<string, number>>) {
  const claims: string[] = [];
  const memory = await storeWith(seconds);
  const store = withMethods(memory, {
    claim: (key, owner, again) => {
      claims.push(key);
      return memory.claim(key, owner, again);
    },
  });
  const { stage, calls } = heldStage();
  const { engine } = engineOf([stage as unknown as Stage, add as unknown as Stage], { store, jobs: 1 });
  const held = (label: string) => place(stage, `held/${label}`, { label }, {});
  return { engine, held, calls, claims };
}

test("what was short begins at once, whatever runs, and needs no lease; else the shortest is next", async () => {
  const { engine, held, calls, claims } = await ground({
    "held/long": 100,
    "held/middle": 10,
    "held/short": 0.1,
  });
  const short = held("short");
  const targets = [held("long"), held("middle"), short, adding("of short", { n: 1 }, { x: short })];
  const { summary } = record(engine.run(targets, { interactiveBelow: 0.5 }));
  await until(() => calls.length === 2);
  await idle();
  expect(calls.map(({ label }) => label)).toEqual(["short", "middle"]);
  expect(claims).toHaveLength(1);
  for (const call of calls) call.finish(1);
  await until(() => calls.length === 3);
  expect(calls.map(({ label }) => label)).toEqual(["short", "middle", "long"]);
  calls.at(-1)!.finish(1);
  expect((await summary()).executed).toHaveLength(4);
});

test("unless asked for, the longest way to the end is first", async () => {
  const { engine, held, calls } = await ground({ "held/long": 100, "held/short": 0.1 });
  const run = record(engine.run([held("short"), held("long")]));
  await until(() => calls.length === 1);
  await idle();
  expect(calls.map(({ label }) => label)).toEqual(["long"]);
  calls[0]!.finish(1);
  await until(() => calls.length === 2);
  calls[1]!.finish(1);
  await run.summary();
});
