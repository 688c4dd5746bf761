import { describe, expect, it } from "vitest";
import { faultsOf, isFound, nameOf, sectionsOf, valueGiven } from "../../web/client/parameters.ts";
import { valueText } from "../../web/client/wording.ts";
import { parameters } from "./parameters.ts";

const of = (path: string) => parameters.find((parameter) => parameter.path === path)!;

describe("the parameters of the page", () => {
  it("stand in sections, each once, those of the ring in front", () => {
    const sections = sectionsOf(parameters);
    expect(sections[0]!.title).toBe("Ring");
    expect(sections[0]!.parameters.map(nameOf)).toContain("v_c");
    expect(sections.flatMap((section) => section.parameters).toSorted(byPath)).toEqual(
      parameters.toSorted(byPath),
    );
    expect(sections.find(({ name }) => name === "")!.parameters.map(nameOf)).toEqual([
      ...["network", "cells.exc", "cells.inh", "reading", "coefficients", "recordings"],
    ]);
  });

  it("are found by name, unit and meaning", () => {
    const found = (search: string) =>
      parameters.filter((each) => isFound(each, search)).map(({ path }) => path);
    expect(found("conduction")).toEqual(["ring.v_c", "scan.v_c"]);
    expect(found("ring mm/s")).toEqual(["ring.v_c"]);
    expect(found("")).toHaveLength(parameters.length);
    expect(found("cheese")).toEqual([]);
  });

  it("take what a field holds for what it means", () => {
    expect(valueGiven(of("ring.v_c"), " 50 ")).toBe(50);
    expect(valueGiven(of("ring.v_c"), "1e2")).toBe(100);
    expect(valueGiven(of("ring.v_c"), "−5")).toBe(-5);
    expect(valueGiven(of("ring.v_c"), "fast")).toBe("fast");
    expect(valueGiven(of("ring.v_c"), "")).toBe("");
    expect(valueGiven(of("mean_field.drive"), "")).toBeNull();
    expect(valueGiven(of("propagation.recording.before"), "peak")).toBe("peak");
    expect(valueGiven(of("propagation.trial.pieces"), "[[1, 2]]")).toEqual([[1, 2]]);
    expect(valueGiven(of("inference.durations"), '{"one": 5}')).toEqual({ one: 5 });
  });

  it.each(parameters.map((parameter) => [parameter.path, parameter] as const))(
    "show the base of %s as what gives it back",
    (_, parameter) => {
      if (parameter.type === "interval") return expect(parameter.base).toHaveLength(2); // of two fields
      expect(valueGiven(parameter, valueText(parameter.base))).toEqual(parameter.base);
    },
  );

  it("know the sentences that are about them", () => {
    const faults = [
      "ring.tau1 is -3 ms (page), but must be above 0.",
      "ring.tau2 is 0 ms (page), but must be above 0.",
    ];
    expect(faultsOf(of("ring.tau1"), faults)).toEqual([faults[0]]);
    expect(faultsOf(of("ring.v_c"), faults)).toEqual([]);
  });
});

const byPath = (one: { path: string }, other: { path: string }) => (one.path < other.path ? -1 : 1);
