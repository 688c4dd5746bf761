import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMat } from "../../data/mat5-read.ts";
import { BadInput } from "../../pipeline/errors.ts";
import { mat5 } from "./mat5-bytes.ts";

const double = 6;
const logicalFlag = 0x200;

describe("damaged files", () => {
  const { compressed, file, matrix } = mat5(true);
  const variablesOf = ({ numbers, text, matrix, struct }: ReturnType<typeof mat5>) => {
    const one = matrix(double, [1, 2], "", numbers(9, [1, 2]));
    return [
      struct([1, 1], "matNL", ["stim1", "name"], one, matrix(4, [2, 2], "", text(2, "abcd"))),
      matrix(1, [1, 2], "cell", one, one),
      matrix(9 | logicalFlag, [1, 1], "flag", numbers(2, [1])),
    ];
  };
  const samples = [
    file(...variablesOf(mat5(true))),
    file(...variablesOf(mat5(true)).map(compressed)),
    mat5(false).file(...variablesOf(mat5(false))),
  ];

  /** Reads all there is; anything but success and BadInput fails the test. */
  const survives = (bytes: Uint8Array) => {
    try {
      for (const read of readMat(bytes, "a.mat").values()) read();
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      expect(error.message).toMatch(/a\.mat .*; .+\.$/s);
    }
  };

  it.each(samples)("are refused wherever they end", (sample) => {
    expect(readMat(sample, "a.mat").size).toBe(3);
    for (let length = 0; length < sample.length; length++) survives(sample.subarray(0, length));
    for (let lost = 1; lost < 8; lost++) {
      expect(() => readMat(sample.subarray(0, -lost), "a.mat")).toThrow(BadInput);
    }
  });

  it("are read or refused with any bytes changed", () => {
    const change = fc.tuple(fc.nat({ max: 999_999 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (sample, changes) => {
          const bytes = Uint8Array.from(sample);
          for (const [at, value] of changes) bytes[124 + (at % (bytes.length - 124))] = value;
          survives(bytes);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("are read or refused with any bit flipped", () => {
    for (const sample of samples) {
      for (let bit = 0; bit < sample.length * 8; bit++) {
        const bytes = Uint8Array.from(sample);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        survives(bytes);
      }
    }
  });

  it("are read or refused when they are noise, bare, behind a header or compressed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        survives(noise);
        survives(file(noise));
        survives(file(compressed(noise)));
        survives(file(matrix(2, [1, 1], "s", noise)));
      }),
      { numRuns: 2000 },
    );
  });
});
