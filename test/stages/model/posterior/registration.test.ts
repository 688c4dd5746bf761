import { beforeAll, describe, expect, it } from "vitest";
import { BadInput } from "../../../../pipeline/errors.ts";
import type { FixedPoint } from "../../../../stages/fixed-point.ts";
import { meanFieldOf } from "../../../../stages/model/mean-field/field.ts";
import { observationOf } from "../../../../stages/model/posterior/observation.ts";
import { observedFilm, type Scene } from "../../../../stages/model/posterior/observation-operator.ts";
import { registrationOf } from "../../../../stages/model/posterior/registration.ts";
import { depolarisationOf } from "../../../../stages/model/ring/trial.ts";
import type { Recording } from "../../../../stages/recording.ts";
import { atRest, field, film, inputs, ring } from "../../../support/films.ts";

const truth = { v_c: 200, l_stim: 1.5, l_exc: 4, l_inh: 2, tau2: 100, tau1: 20 };
const quiet = { white: 0, field: 0, memory: 0, reach: 1 };
let rest: FixedPoint;
let scene: Scene;
beforeAll(async () => {
  rest = await atRest();
  const trial = depolarisationOf({ ...field, ring: { ...ring, ...truth } }, meanFieldOf(field, inputs), rest);
  const pitch = trial.space[1]! - trial.space[0]!;
  scene = { dt: ring.dt, pitch, pixels: ring.pixels, deltaV: trial.deltaV };
});
const observed = (recording: Recording) => observationOf(recording, scene.pitch, 150, 300);

describe("the camera", () => {
  it("sees a noiseless film as it was filmed, and finds its gain, time and place", () => {
    const observation = observed(film(truth, rest, quiet, 1));
    const map = observedFilm(scene, observation, { start: 110 - 150, middle: 5.4 });
    const worst = map.reduce(
      (most, value, i) => Math.max(most, Math.abs(25 * value - observation.response[i]!)),
      0,
    );
    expect(worst).toBeLessThan(1e-12);
    const match = registrationOf(observation, (map) => map.slice())(scene)!;
    expect(match.gain).toBeCloseTo(25, 3);
    expect(match.start).toBeCloseTo(-40, 2);
    expect(match.middle).toBeCloseTo(5.4, 3);
    expect(match.squares).toBeLessThan(1e-5);
  });

  it("integrates gain, time and place as a sum over a fine grid of them does", () => {
    const sd = 0.05;
    const observation = observed(film(truth, rest, { ...quiet, white: sd * Math.sqrt(21) }, 2));
    const match = registrationOf(observation, (map) => map.map((value) => value / sd));
    // A better trial and a worse one: what counts is how their evidences compare.
    const slower = { ...scene, deltaV: scene.deltaV.map((value) => value * (1 + 0.5 * value)) };
    const evidence = [scene, slower].map((each) => {
      const { squares, information, gain, start, middle } = match(each)!;
      const laplace = -0.5 * squares - information;
      let sum = 0;
      for (let i = -8; i <= 8; i += 1) {
        for (let j = -8; j <= 8; j += 1) {
          for (let k = -8; k <= 8; k += 1) {
            const [dt, dx, factor] = [i * 0.3, j * 0.02, Math.exp(k * 0.006)];
            const map = observedFilm(each, observation, { start: start + dt, middle: middle + dx });
            let squaresHere = 0;
            for (let t = 0; t < map.length; t += 1) {
              const difference = (observation.response[t]! - gain * factor * map[t]!) / sd;
              squaresHere += difference * difference;
            }
            sum += Math.exp(-0.5 * (squaresHere - squares));
          }
        }
      }
      return { laplace, summed: -0.5 * squares + Math.log(sum) };
    });
    const [one, other] = evidence as [(typeof evidence)[0], (typeof evidence)[0]];
    expect(Math.abs(one.laplace - other.laplace - (one.summed - other.summed))).toBeLessThan(0.1);
  });
});

describe("an observation", () => {
  const recording = (frames: number, rows = 100, first = -220): Recording => ({
    arrays: {
      time: {
        data: Float64Array.from({ length: frames }, (_, j) => first + 9.09 * j),
        shape: [frames],
        dims: ["time"],
        units: "ms",
      },
      space: {
        data: Float64Array.from({ length: rows }, (_, i) => 0.1 * i),
        shape: [rows],
        dims: ["space"],
        units: "mm",
      },
      vsd: {
        data: Float64Array.from({ length: rows * frames }, (_, k) => (k < 3 * frames ? 0 : 1 + (k % 7))),
        shape: [rows, frames],
        dims: ["space", "time"],
        units: "‰",
      },
    },
    values: { missing: 0 },
  });

  it("divides frames at the end of the baseline and leaves rows out that were not measured", () => {
    const { rows, baseline, time, response } = observationOf(recording(66), 1.2, 150, 300);
    expect(rows.flatMap((row) => [...row]).every((x) => x > 0.25)).toBe(true);
    expect(rows.length).toBe(8);
    expect(baseline.length).toBe(8 * 17);
    expect([time[0], response.length]).toEqual([-220 + 9.09 * 17, 8 * time.length]);
    expect(time.at(-1)).toBeLessThan(300);
  });

  it.each([
    [
      "too few frames of the baseline",
      66,
      100,
      30,
      300,
      /The recording has 4 frames within posterior\.baseline \(30 ms\)/,
    ],
    ["too few frames of the response", 66, 100, 150, -20, /and 6 from there to -20 ms/],
    [
      "too few rows",
      66,
      20,
      150,
      300,
      /The recording covers 1\.60 mm of cortex, less than two units of the ring/,
    ],
  ] as const)("refuses %s in a sentence", (_, frames, rows, quiet, until, sentence) => {
    const observe = () => observationOf(recording(frames, rows), 1.2, quiet, until);
    expect(observe).toThrow(sentence);
    expect(observe).toThrow(BadInput);
  });
});
