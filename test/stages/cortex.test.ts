import { describe, expect, it } from "vitest";
import { ancestors } from "../../pipeline/inspect.ts";
import { type ConfigurationInput, configurationSchema, profiles } from "../../stages/configuration.ts";
import { cortex } from "../../stages/cortex.ts";
import { stages } from "../../stages/registry.ts";

const graph = (input: ConfigurationInput) =>
  cortex(configurationSchema.parse(input), [
    { name: "a", file: "a.mat", read: async () => new Uint8Array() },
  ]);

describe("the graph", () => {
  it("has the contract's stages", () => {
    expect(
      graph({})
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      [
        ...["step-response", "tf-simulation", "tf-fit"].flatMap((id) => [`${id}/FS-cell`, `${id}/RS-cell`]),
        ...[
          "fixed-point",
          "network",
          "network-comparison",
          "recording/a",
          "propagation/recording/a",
          "scan",
          "inference",
        ],
        ...["starts/a", "refinement", "refined-inference", "posterior"],
        ...["waveform-comparison", "waveform-mean-field", "waveform-network"],
        ...["baseline", "brief-stimulus", "slow-conduction", "wide-stimulus"].flatMap((variant) => [
          `ring-trial/${variant}`,
          `residual/${variant}/a`,
          `propagation/trial/${variant}`,
        ]),
      ].sort(),
    );
  });

  it("places only stages that executors know", () => {
    const known = stages.map(({ id }) => id);
    for (const { stage } of graph({})) expect(known).toContain(stage.id);
  });

  it("knows how long stimuli lasted by the files' names, and better where it is told", () => {
    const read = async () => new Uint8Array();
    const recordings = ["a_NL_up_5020", "b_NL_up_10100", "c"].map((file) => ({
      name: file[0]!,
      file: `${file}.mat`,
      read,
    }));
    const durationsOf = (durations: Record<string, number>) =>
      cortex(configurationSchema.parse({ inference: { durations } }), recordings).find(
        ({ name }) => name === "inference",
      )!.params;
    expect(durationsOf({})).toEqual({ durations: { a: 50, b: 10 } });
    expect(durationsOf({ b: 20, c: 33 })).toEqual({ durations: { a: 50, b: 20, c: 33 } });
  });

  it("depends on fits only where coefficients are fitted", () => {
    const upstream = (input: ConfigurationInput) =>
      ancestors(graph(input).filter(({ name }) => name === "fixed-point")).map(({ name }) => name);
    expect(upstream({})).toContain("tf-fit/RS-cell");
    expect(upstream(profiles.notebook!)).toEqual([
      "coefficients notebook RS-cell",
      "coefficients notebook FS-cell",
      "fixed-point",
    ]);
  });

  it("shares the stages of one cell type in both populations", () => {
    const names = graph({ cells: { exc: "RS-cell2", inh: "RS-cell2" } }).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("tf-fit"))).toEqual(["tf-fit/RS-cell2"]);
  });

  it.each([
    [
      { coefficients: "notebook", reading: "as-published" },
      /reading as-coded .* cannot be used under as-published/,
    ],
    [{ coefficients: "authors", cells: { exc: "EIF" } }, /RS-cell and FS-cell in CONFIG1, not of EIF/],
    [{ coefficients: "notebook", network: "Vogels-Abbott" }, /not of RS-cell in Vogels-Abbott/],
  ] as [ConfigurationInput, RegExp][])("refuses coefficients that do not belong: %o", (input, message) => {
    expect(() => graph(input)).toThrow(message);
    expect(() => graph(input)).toThrow(expect.objectContaining({ name: "BadInput" }));
  });
});
