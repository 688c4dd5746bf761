import { expect, test } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import type { Fingerprint } from "../../../pipeline/index.ts";
import { keyOf } from "../../../pipeline/inspect.ts";
import { add, adding, engineOf } from "../../support/harness.ts";

const node = adding("a", { n: 1 });
const version = (code: string, files: Record<string, string>): Fingerprint => ({ code, files });

test("the files of a fingerprint are no part of keys, but tell in which the code has changed", async () => {
  const store = memoryStore();
  const engineWith = (fingerprint: Fingerprint) =>
    engineOf([add], { store, fingerprint: () => fingerprint }).engine;
  const first = version("c1", { "a.ts": "1", "b.ts": "1" });
  await engineWith(first).compute(node);
  const [{ key, preImage }] = store.entries() as [ReturnType<typeof store.entries>[number]];
  expect(preImage).not.toHaveProperty("files");
  expect(keyOf(preImage)).toBe(key);

  const reasons = async (fingerprint: Fingerprint) => {
    const plan = await engineWith(fingerprint).plan([node]);
    return plan.states.get(node);
  };
  const second = version("c2", { "a.ts": "1", "b.ts": "2", "c.ts": "1" });
  expect(await reasons(second)).toMatchObject({ state: "stale", reasons: [{ kind: "code" }] });
  store.tables.codes.put("c1", JSON.stringify(first.files));
  expect(await reasons(second)).toMatchObject({ reasons: [{ kind: "code", files: ["b.ts", "c.ts"] }] });
  expect(await reasons({ ...first, files: {} })).toMatchObject({ state: "fresh", key });
});
