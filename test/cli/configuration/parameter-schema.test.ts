import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { describe, expect, it } from "vitest";
import { nearest } from "../../../cli/configuration/nearest.ts";
import {
  listed,
  nearestPath,
  parametersOf,
  requirementOf,
} from "../../../cli/configuration/parameter-schema.ts";
import { configurationSchema } from "../../../stages/configuration.ts";
import ringTrial from "../../../stages/ring-trial.ts";

const parameters = parametersOf(configurationSchema);

describe("the parameters of a schema", () => {
  it("have units, meanings, defaults and bounds", () => {
    expect(parameters.get("ring.v_c")).toEqual({
      path: "ring.v_c",
      unit: "mm/s",
      description: "conduction velocity",
      default: 300,
      type: "number",
      choices: [],
      range: "above 0 and at most 1000000 mm/s",
      minimum: 0,
      maximum: 1_000_000,
    });
    expect(parameters.get("residual.t_range")).toMatchObject({
      unit: "ms",
      default: [-50, 200],
      type: "interval",
    });
    expect(parameters.get("network")).toMatchObject({
      type: "choice",
      choices: ["CONFIG1", "Vogels-Abbott"],
    });
    expect(parameters.get("propagation.recording.before")).toMatchObject({
      ...{ type: "number", unit: "ms", choices: ["peak"], default: "peak" },
    });
    expect(parameters.get("propagation.trial.pieces")).toMatchObject({
      ...{ type: "intervals", unit: "mm", choices: ["flanks"], default: "flanks" },
    });
    expect(parameters.get("mean_field.drive")).not.toHaveProperty("default");
  });

  it("are those of the contract", () => {
    expect([...parameters.keys()]).toEqual(
      expect.arrayContaining([
        ...["network", "cells.exc", "cells.inh", "reading", "coefficients", "recordings"],
        ...["nu_e_max", "nu_e_points", "nu_i_range", "nu_i_points", "max_rate"].map((name) => `tf.${name}`),
        ...["seeds", "duration", "dt", "noise"].map((name) => `tf.${name}`),
        ...["mean_field.T", "mean_field.drive", "residual.t_range", "residual.normalisation"],
        ...["amplitude", "t0", "T1", "T2", "duration"].map((name) => `waveform.${name}`),
        ...["pixels", "extent", "l_exc", "l_inh", "v_c"].map((name) => `ring.${name}`),
        ...["l_stim", "amplitude", "tau1", "tau2", "dt"].map((name) => `ring.${name}`),
      ]),
    );
  });

  it("are each described, with a unit where they are no counts or choices", () => {
    for (const { path, description, unit, type } of parameters.values()) {
      expect(description, path).not.toBe("");
      if (type === "number" || type.startsWith("interval")) expect(unit, path).not.toBe("");
    }
  });

  it("are found in stages' schemas too, and nowhere else", () => {
    const own = parametersOf(ringTrial.params);
    expect(own.get("ring.v_c")?.unit).toBe("mm/s");
    expect(own.get("cells.exc.b")).toMatchObject({
      unit: "pA",
      description: "adaptation current added by a spike",
    });
    expect(own.get("network.p")?.unit).toBe(""); // a pure number
    expect(parametersOf({ parse: (value: unknown) => value }).size).toBe(0);
  });

  it("say what they must be", () => {
    const required = (path: string) => requirementOf(parameters.get(path)!);
    expect(required("ring.v_c")).toBe("a number above 0 and at most 1000000 mm/s");
    expect(required("tf.seeds")).toBe("a whole number from 1 to 100000");
    expect(required("cells.exc")).toBe("RS-cell, FS-cell, RS-cell2, LIF, EIF or AdExp");
    expect(required("residual.t_range")).toBe("two rising numbers [low, high] in ms");
    expect(required("recordings")).toBe("text or a list of texts");
    expect(required("propagation.recording.before")).toBe("peak or a number in ms");
    expect(required("propagation.recording.pieces")).toBe(
      "flanks or a list of rising pairs [[from, to], …] in mm",
    );
  });
});

describe("what was meant", () => {
  it("is itself where it exists", () => {
    fc.assert(
      fc.property(fc.constantFrom(...parameters.keys()), (path) => {
        expect(nearestPath(path, parameters.values())).toBe(path);
      }),
    );
  });

  it("is one edit away where some path is", () => {
    fc.assert(
      fc.property(fc.constantFrom(...parameters.keys()), fc.nat(100), (path, place) => {
        const at = place % path.length;
        const typed = `${path.slice(0, at)}#${path.slice(at + 1)}`;
        expect(distance(typed, nearestPath(typed, parameters.values())!)).toBe(1);
      }),
    );
  });

  it("may be anything where there is nothing", () => {
    expect(nearest("a", [])).toBeUndefined();
    expect(nearest("RUN", ["why", "run"])).toBe("run");
  });

  it("has more than a little in common with what was typed", () => {
    expect(nearest("rnu", ["why", "run"])).toBe("run");
    expect(nearest("x", ["set", "run"])).toBeUndefined();
    expect(nearest("", ["set"])).toBeUndefined();
    expect(nearest("qqqqqqqq", ["tf-fit", "fixed-point"])).toBeUndefined();
    expect(nearestPath("qqqqq.zzzz", parameters.values())).toBeUndefined();
  });

  it("is listed in words", () => {
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map((words) => listed(words, "or"))).toEqual([
      "",
      "a",
      "a or b",
      "a, b or c",
    ]);
  });
});
