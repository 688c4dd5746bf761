import fc from "fast-check";
import { expect, test } from "vitest";
import { offencesOf } from "./revisions/game.ts";
import { cases } from "./revisions/graphs.ts";

const numRuns = Number(process.env.FUZZ_RUNS ?? 5_000);

test("whatever changes whenever, the engine does what a recomputation from scratch would, and no more", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (game) => {
      expect(await offencesOf(game)).toEqual([]);
    }),
    { numRuns },
  );
}, 3_600_000);
