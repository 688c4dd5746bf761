import { describe, expect, it } from "vitest";
import { inputsOf } from "../../pipeline/inspect.ts";
import { configurationSchema } from "../../stages/configuration.ts";
import { cortex } from "../../stages/cortex.ts";
import { familiesOf } from "../../web/client/families.ts";
import { layoutOf } from "../../web/client/graph-layout.ts";

const stagesWith = (recordings: number) =>
  cortex(
    configurationSchema.parse({}),
    Array.from({ length: recordings }, (_, k) => ({
      ...{ name: `r${k}`, file: `r${k}.mat` },
      read: async () => new Uint8Array(),
    })),
  ).map((node) => ({
    name: node.name,
    needs: inputsOf(node).flatMap((input) => (input.kind === "stage" ? [input.name] : [])),
    isGrid: false,
  }));

describe("the graph as the page draws it", () => {
  it("puts stages of a kind into one box, and names what tells them apart", () => {
    const families = familiesOf(stagesWith(1));
    const trials = families.find(({ name }) => name === "ring-trial")!;
    expect(trials.members.map(({ label }) => label)).toEqual([
      ...["baseline", "slow-conduction", "brief-stimulus", "wide-stimulus"],
    ]);
    expect(families.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["propagation/trial", "residual", "scan"]),
    );
  });

  it.each([1, 3, 12])(
    "shows every stage once, to the right of what it needs, with %i recordings",
    (recordings) => {
      const stages = stagesWith(recordings);
      const { boxes, arrows, width, height } = layoutOf(familiesOf(stages));
      const shown = boxes.flatMap(({ family }) => family.members.map(({ name }) => name));
      expect(shown.toSorted()).toEqual(stages.map(({ name }) => name).toSorted());
      for (const box of boxes) {
        for (const need of box.family.needs) {
          const from = boxes.find(({ family }) => family === need)!;
          expect(from.x + from.width).toBeLessThanOrEqual(box.x);
        }
        expect(box.x + box.width).toBeLessThanOrEqual(width + 1);
        expect(box.y + box.height).toBeLessThanOrEqual(height + 1);
        const upon = boxes.filter(
          (other) => other !== box && other.x < box.x + box.width && box.x < other.x + other.width,
        );
        expect(
          upon.filter((other) => other.y < box.y + box.height && box.y < other.y + other.height),
        ).toEqual([]);
      }
      expect(arrows.join()).not.toMatch(/NaN|undefined/);
      expect(height).toBeLessThan(500);
    },
  );
});
