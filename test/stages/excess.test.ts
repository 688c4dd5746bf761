import { describe, expect, it } from "vitest";
import fixedPoint from "../../stages/fixed-point.ts";
import { ringSchema } from "../../stages/model/ring/trial.ts";
import ringTrial from "../../stages/ring-trial.ts";
import tfSimulation, { tfSchema } from "../../stages/tf-simulation.ts";
import { field, idle, notebook } from "./context.ts";

describe("what nobody could wait for is refused in a sentence", () => {
  it.each([
    [{ pixels: 5000 }, /5000 pixels and connections over 289351 and 57870 pixels is too large/],
    [{ dt: 1e-4 }, /5999999 steps, 30 pixels .* too large/],
    [{ extent: 1e-3 }, /too large: lower ring.pixels/],
    [{ dt: 3 }, /ring.dt is 3 ms, but must be at most half of mean_field.T, 2.5 ms/],
  ])("a ring of %o", async (ring, message) => {
    const rest = await fixedPoint.run({ ...idle, params: field(4), inputs: notebook });
    const params = ringTrial.params.parse({ ...field(4), ring: ringSchema.parse(ring) });
    const trial = ringTrial.run({ ...idle, params, inputs: { ...notebook, fixedPoint: rest } });
    await expect(trial).rejects.toThrow(message);
    await expect(trial).rejects.toMatchObject({ name: "BadInput" });
  });

  it("a delay beyond all steps is the start of the run", async () => {
    const rest = await fixedPoint.run({ ...idle, params: field(4), inputs: notebook });
    const params = ringTrial.params.parse({ ...field(4), ring: ringSchema.parse({ v_c: 1e-6 }) });
    const { arrays } = await ringTrial.run({ ...idle, params, inputs: { ...notebook, fixedPoint: rest } });
    expect(arrays.nu_e.data.every(Number.isFinite)).toBe(true);
  });

  it.each([{ dt: 1e-6 }, { duration: 1e-5 }])("simulations of %o", async (tf) => {
    const { cells, network } = field(4);
    const params = { cell: cells.exc, network, tf: tfSchema.parse(tf) };
    await expect(tfSimulation.run({ ...idle, params, inputs: {} })).rejects.toThrow(/from 2 to 100 million/);
  });
});
