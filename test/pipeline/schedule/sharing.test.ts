import { expect, test } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import { LEASE, newLeaseHolder } from "../../../pipeline/testing.ts";
import { add, adding, endsWith, engineOf, heldStage, nothing, record, until } from "../../support/harness.ts";

/** Two engines on one store, as two processes would be. */
function pair(options = {}) {
  const held = heldStage();
  const store = memoryStore();
  const [one, other] = [0, 1].map(() => engineOf([held.stage, add], { store, ...options }).engine);
  return { held, store, one: one!, other: other! };
}

test("what another engine computes is waited for, and is a hit", async () => {
  const { held, store, one, other } = pair();
  const first = record(one.run([held.at("x")]));
  const call = await held.call("x");
  const second = record(other.run([adding("after", { n: 1 }, { x: held.at("x") })]));
  await until(() => second.told().length > 0);
  const { key } = first.events.find(({ event }) => event === "started") as { key: string };
  expect(second.events).toContainEqual({ event: "waiting", stage: "held/x", owner: store.holder(key) });
  call.finish(1);
  expect((await first.summary()).executed).toEqual(["held/x"]);
  expect(endsWith(await second.summary())).toEqual({ ...nothing, executed: ["add/after"], hits: ["held/x"] });
  expect(second.told()).toEqual(["waiting held/x", "hit held/x", "started add/after", "finished add/after"]);
  expect(held.calls).toHaveLength(1);
  expect(store.leases.living()).toEqual([]);
});

test("who waits leaves its place to what can run", async () => {
  const { held, one, other } = pair({ jobs: 1 });
  const first = record(one.run([held.at("x")]));
  const x = await held.call("x");
  const second = record(other.run([held.at("x"), held.at("y")]));
  (await held.call("y")).finish(2);
  await until(() => second.told().includes("finished held/y"));
  x.finish(1);
  await first.summary();
  expect(await second.summary()).toMatchObject({ executed: ["held/y"], hits: ["held/x"] });
});

test.each(["fails", "is aborted"])("when the owner %s, who waits takes over", async (how) => {
  const { held, store, one, other } = pair();
  const first = record(one.run([held.at("x")]));
  const call = await held.call("x");
  const second = record(other.run([held.at("x")]));
  await until(() => second.told().length > 0);
  if (how === "fails") call.fail(new Error("down"));
  else first.stop();
  const again = await held.call("x", 1);
  expect(call.signal.aborted).toBe(true);
  again.finish(2);
  expect((await second.summary()).executed).toEqual(["held/x"]);
  expect(second.told()).toEqual(["waiting held/x", "started held/x", "finished held/x"]);
  expect(store.leases.living()).toEqual([]);
});

test("who waits can leave", async () => {
  const { held, one, other } = pair();
  const first = record(one.run([held.at("x")]));
  const call = await held.call("x");
  const second = record(other.run([held.at("x")]));
  await until(() => second.told().length > 0);
  second.stop();
  call.finish(1);
  await first.summary();
  expect([held.calls.length, second.told()]).toEqual([1, ["waiting held/x"]]);
});

test("a forced execution waits for its turn, and then is one", async () => {
  const { held, store, one, other } = pair();
  const node = held.at("x");
  const first = record(one.run([node]));
  const call = await held.call("x");
  const second = record(other.run([node], { forced: new Set([node]) }));
  await until(() => second.told().length > 0);
  call.finish(1);
  const again = await held.call("x", 1);
  await first.summary();
  again.finish(2);
  expect((await second.summary()).executed).toEqual(["held/x"]);
  const { content } = store.result(store.lastKeys("held/x")!.key)!;
  expect((await store.load(content)).values.n).toBe(2);
});

test("an owner that was suspended for too long stops, and gets the result of who took over", async () => {
  const held = heldStage();
  let late = 0;
  const store = memoryStore(() => 1_000_000 + late);
  const { engine } = engineOf([held.stage], { store });
  const run = record(engine.run([held.at("x")]));
  const call = await held.call("x");
  const { key } = run.events.find(({ event }) => event === "started") as { key: string };
  late = LEASE;
  const thief = newLeaseHolder();
  expect(await store.claim(key, thief)).toEqual({ state: "owned" });
  await until(() => call.signal.aborted); // at its next heartbeat
  expect(run.told()).toEqual(["started held/x", "waiting held/x"]);
  call.finish(1); // a stage that does not look at its signal
  const made = {
    key,
    preImage: { stage: "held/x", code: "c", params: {}, inputs: {} },
    seconds: 1,
    at: new Date(0).toISOString(),
    where: { host: "elsewhere", pid: 1, node: "v20" },
  };
  const { content } = await store.commit(made, { arrays: {}, values: { n: 5 } }, { owner: thief });
  expect((await run.summary()).hits).toEqual(["held/x"]);
  expect(store.result(key)).toEqual({ ...made, content });
});
