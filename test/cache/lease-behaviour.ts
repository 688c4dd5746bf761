import { hostname } from "node:os";
import { beforeEach, expect, test } from "vitest";
import type { Store } from "../../pipeline/index.ts";
import { LEASE, type LeaseHolder, newLeaseHolder } from "../../pipeline/testing.ts";
import { madeBy, vector } from "./samples.ts";

/** A pid that no process has: more than Linux hands out. */
const nobody = 2 ** 22 + 1;

/** What every store does about leases, by a clock that the test sets. */
export function leaseBehaviour(open: (now: () => number) => Store): void {
  let now: number;
  let store: Store;
  beforeEach(() => {
    now = 1_000_000;
    store = open(() => now);
  });
  const made = madeBy("a");
  const { key } = made;
  const elsewhere = (): LeaseHolder => ({ ...newLeaseHolder(), host: `not-${hostname()}`, pid: nobody });

  test("one owner at a time has the lease, until it is released", async () => {
    const [one, other] = [newLeaseHolder(), newLeaseHolder()];
    expect(store.holder(key)).toBeUndefined();
    expect(await store.claim(key, one)).toEqual({ state: "owned" });
    expect(await store.claim(key, one)).toEqual({ state: "owned" });
    expect(await store.claim(key, other)).toEqual({ state: "held", owner: one });
    expect(await store.claim("another key", other)).toEqual({ state: "owned" });
    await store.releaseLease(key, other);
    expect(store.holder(key)).toEqual(one);
    await store.releaseLease(key, one);
    expect(store.holder(key)).toBeUndefined();
    expect(await store.claim(key, other)).toEqual({ state: "owned" });
  });

  test("it lasts as long as it is renewed", async () => {
    const [one, other] = [newLeaseHolder(), newLeaseHolder()];
    await store.claim(key, one);
    for (let beat = 0; beat < 5; beat += 1) {
      now += LEASE - 1;
      expect(await store.claim(key, other)).toMatchObject({ state: "held" });
      expect(await store.renew(key, one)).toBe(true);
    }
    now += LEASE;
    expect(store.holder(key)).toBeUndefined();
    expect(await store.renew(key, one)).toBe(true); // late, but nobody has taken it over
    now += LEASE;
    expect(await store.claim(key, other)).toEqual({ state: "owned" });
    expect(await store.renew(key, one)).toBe(false);
    await store.releaseLease(key, one);
    expect(store.holder(key)).toEqual(other);
  });

  test("that of a dead process of this machine is taken over at once, of another machine when it ends", async () => {
    await store.claim(key, { ...newLeaseHolder(), pid: nobody });
    expect(await store.claim(key, newLeaseHolder())).toEqual({ state: "owned" });
    await store.claim("2", elsewhere());
    expect(await store.claim("2", newLeaseHolder())).toMatchObject({ state: "held" });
    await store.claim("3", { ...newLeaseHolder(), pid: nobody, pidSpace: "that of a container" });
    expect(await store.claim("3", newLeaseHolder())).toMatchObject({ state: "held" });
    now += LEASE;
    expect(await store.claim("2", newLeaseHolder())).toEqual({ state: "owned" });
  });

  test("that of a clock which was set back an hour does not last an hour", async () => {
    await store.claim(key, elsewhere());
    now -= 3_600_000;
    expect(await store.claim(key, newLeaseHolder())).toEqual({ state: "owned" });
  });

  test("a commit ends it; who asks then gets the result", async () => {
    const [one, other] = [newLeaseHolder(), newLeaseHolder()];
    await store.claim(key, one);
    const result = await store.commit(made, vector(1), { owner: one });
    expect(store.holder(key)).toBeUndefined();
    expect(await store.claim(key, other)).toEqual({ state: "known", result });
    expect(await store.claim(key, other, true)).toEqual({ state: "owned" });
  });

  test("who lost it does not commit over the new owner's result, nor end the new owner's lease", async () => {
    const [late, owner] = [newLeaseHolder(), newLeaseHolder()];
    await store.claim(key, late);
    now += LEASE;
    await store.claim(key, owner);
    const result = await store.commit(made, vector(2), { owner });
    for (const replace of [false, true]) {
      expect(await store.commit(made, vector(1), { owner: late, replace })).toEqual(result);
    }
    await store.claim(key, owner, true);
    await store.commit(made, vector(1), { owner: late, replace: true });
    expect(store.holder(key)).toEqual(owner);
    expect(store.result(key)).toEqual(result);
    const replaced = await store.commit(made, vector(3), { owner, replace: true });
    expect(replaced.content).toBe(store.identify(vector(3)));
  });

  test("a result that comes in late, before the new owner's, is as good: the new owner finds it", async () => {
    const [late, owner] = [newLeaseHolder(), newLeaseHolder()];
    await store.claim(key, late);
    now += LEASE;
    await store.claim(key, owner);
    const result = await store.commit(made, vector(1), { owner: late });
    expect(store.holder(key)).toEqual(owner);
    expect(await store.commit(made, vector(1), { owner })).toEqual(result);
    expect(store.holder(key)).toBeUndefined();
  });
}
