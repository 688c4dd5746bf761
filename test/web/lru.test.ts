import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lru } from "../../web/client/lru.ts";

describe("what was used last", () => {
  it("stays, and what was used least recently goes", () => {
    const cache = lru<number>(3);
    for (const key of ["a", "b", "c"]) cache.set(key, 1, 1);
    cache.get("a");
    cache.set("d", 4, 1);
    expect(["a", "b", "c", "d"].map((key) => cache.get(key))).toEqual([1, undefined, 1, 4]);
  });

  it("takes nothing that is larger than all it may hold, and forgets what that replaces", () => {
    const cache = lru<string>(10);
    cache.set("a", "small", 2);
    cache.set("a", "large", 11);
    expect(cache.get("a")).toBeUndefined();
  });

  it("forgets what is dropped, and what that took is free again", () => {
    const cache = lru<string>(10);
    cache.set("a", "first", 6);
    cache.drop("a");
    cache.drop("never there");
    expect(cache.get("a")).toBeUndefined();
    cache.set("b", "second", 5);
    cache.set("c", "third", 5);
    expect(cache.get("b")).toBe("second");
  });

  it("never holds more than it may, and always what was set last", () => {
    const steps = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.integer({ min: 1, max: 8 })));
    fc.assert(
      fc.property(steps, (all) => {
        const cache = lru<number>(10);
        for (const [key, size] of all) {
          cache.set(key, size, size);
          expect(cache.get(key)).toBe(size);
          const held = ["a", "b", "c", "d"].map((each) => cache.get(each) ?? 0);
          cache.get(key);
          expect(held.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(10);
        }
      }),
    );
  });
});
