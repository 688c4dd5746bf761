import { describe, expect, it } from "vitest";
import { cells } from "../../stages/model/parameters/cells.ts";
import stepResponse from "../../stages/step-response.ts";
import { golden, relative } from "../golden.ts";
import { idle } from "./context.ts";

describe("step responses equal those of the authors' code", () => {
  it.each(["RS-cell", "FS-cell"] as const)("%s", async (cell) => {
    const want = golden("step_response")[cell];
    const { arrays } = await stepResponse.run({ ...idle, params: { cell: cells[cell] }, inputs: {} });
    expect(relative(arrays.spike_times.data, want.spike_times_ms)).toBeLessThan(1e-14);
    const down = arrays.V_negative.data;
    expect(Math.min(...down)).toBeCloseTo(want.min_V_mV_on_negative_step, 10);
    const at400 = arrays.time.data.findIndex((t) => Math.abs(t - 400) < 1e-6);
    expect(down[at400]).toBeCloseTo(want.V_mV_at_400ms_on_negative_step, 10);
  });
});
