import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { decodeNpy, encodeNpy } from "../../data/npy.ts";
import { decodeNpz, encodeNpz } from "../../data/npz.ts";
import { BadInput } from "../../pipeline/errors.ts";
import { titled } from "../golden.ts";
import { hasNumpy, python } from "./python.ts";

const arrays = {
  float64: { data: Float64Array.of(0.1, NaN, Infinity, -0, 5e-324, -1), shape: [2, 3] },
  float32: { data: Float32Array.of(0.1, -Infinity), shape: [2] },
  int32: { data: Int32Array.of(-(2 ** 31)), shape: [] },
  uint32: { data: Uint32Array.of(2 ** 32 - 1, 0), shape: [1, 2, 1] },
  int16: { data: Int16Array.of(-32768, 32767), shape: [2, 1] },
  uint16: { data: Uint16Array.of(65535), shape: [1] },
  int8: { data: Int8Array.of(-128, 127), shape: [2] },
  uint8: { data: new Uint8Array(0), shape: [0, 4] },
};

describe("an NPY file", () => {
  it.each(Object.entries(arrays))("of %s comes back as it was", (_, { data, shape }) => {
    const bytes = encodeNpy(data, shape);
    expect(decodeNpy(bytes, "a.npy")).toEqual({ data, shape });
    expect((bytes.length - data.byteLength) % 64).toBe(0);
  });

  it("holds the part of a buffer that an array is a view of", () => {
    const view = Float64Array.of(1, 2, 3).subarray(1);
    expect(decodeNpy(encodeNpy(view, [2]), "a.npy").data).toEqual(Float64Array.of(2, 3));
    expect(() => encodeNpy(view, [3])).toThrow(TypeError);
  });

  it("is refused with what is wrong, whatever the bytes", () => {
    const bytes = Buffer.from(encodeNpy(Float64Array.of(1, 2), [2]));
    const altered = (from: string, to: string) =>
      Buffer.from(bytes.toString("latin1").replace(from, to), "latin1");
    expect(() => decodeNpy(altered("<f8", "<c8"), "a.npy")).toThrow(
      "a.npy holds elements of type <c8; convert",
    );
    expect(() => decodeNpy(altered("(2,)", "(3,)"), "a.npy")).toThrow("16 bytes cannot be 3 elements");
    expect(() => decodeNpy(altered("shape", "shade"), "a.npy")).toThrow("its header is incomplete");
    expect(() => decodeNpy(Buffer.from("x,y\n1,2\n".repeat(20)), "a.npy")).toThrow("a.npy is no NPY file");
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeNpy(bytes.subarray(0, length), "a.npy")).toThrow(BadInput);
    }
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const changed = Uint8Array.from(bytes).with(at, value);
        expect(() => decodeNpy(changed, "a.npy")).toSatisfy(readsOrRefuses);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("an NPZ file", () => {
  it("comes back as it was, and its bytes never differ", () => {
    const bytes = encodeNpz(arrays);
    expect(decodeNpz(bytes, "a.npz")).toEqual(arrays);
    expect(encodeNpz(arrays)).toEqual(bytes);
    const zone = process.env.TZ;
    for (const TZ of ["Asia/Kathmandu", "America/Los_Angeles"]) {
      process.env.TZ = TZ;
      expect(encodeNpz(arrays)).toEqual(bytes);
    }
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it("is read or refused, whatever the bytes", () => {
    const whole = encodeNpz(arrays);
    expect(() => decodeNpz(new Uint8Array(0), "a.npz")).toThrow(
      "a.npz is no NPZ file or damaged; save it again",
    );
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeNpz(whole.subarray(0, length), "a.npz")).toThrow(BadInput);
    }
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
        expect(() => decodeNpz(whole.with(at, value), "a.npz")).toSatisfy(readsOrRefuses);
      }),
      { numRuns: 2000 },
    );
  });
});

function readsOrRefuses(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    return error instanceof BadInput;
  }
}

describe.skipIf(!hasNumpy)(titled("numpy", hasNumpy, "python3 with numpy"), { tags: ["process"] }, () => {
  const folder = mkdtempSync(join(tmpdir(), "mesoflow-npz-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const describeAll = `
import json, sys, numpy as np
print(json.dumps({n: [a.dtype.name, a.shape, [str(x) for x in a.astype("f8").ravel()]] for n, a in np.load(sys.argv[1]).items()}))
`;

  it("loads what encodeNpz wrote", () => {
    const path = join(folder, "ours.npz");
    writeFileSync(path, encodeNpz(arrays));
    const loaded = JSON.parse(python(describeAll, path));
    expect(Object.keys(loaded)).toEqual(Object.keys(arrays));
    for (const [name, { data, shape }] of Object.entries(arrays)) {
      const [dtype, loadedShape, values] = loaded[name];
      expect([dtype, loadedShape]).toEqual([name, shape]);
      expect(values.map((text: string) => Number(text.replace("inf", "Infinity")))).toEqual(Array.from(data));
    }
  });

  it.each(["savez", "savez_compressed"])("wrote with %s what decodeNpz reads, Fortran order too", (save) => {
    const path = join(folder, `${save}.npz`);
    python(
      `
import sys, numpy as np
x = np.arange(24.0).reshape(2, 3, 4)
getattr(np, sys.argv[2])(sys.argv[1], c=x, f=np.asfortranarray(x), i=np.int16([-1, 2]), s=np.float32(0.5))
`,
      path,
      save,
    );
    const data = Float64Array.from({ length: 24 }, (_, index) => index);
    expect(decodeNpz(readFileSync(path), path)).toEqual({
      c: { data, shape: [2, 3, 4] },
      f: { data, shape: [2, 3, 4] },
      i: { data: Int16Array.of(-1, 2), shape: [2] },
      s: { data: Float32Array.of(0.5), shape: [] },
    });
  });

  it("wrote integers of 64 bits, which decodeNpz reads as doubles or, beyond these, refuses by name", () => {
    const path = join(folder, "int64.npz");
    const save = "import sys, numpy as np; np.savez(sys.argv[1], n=np.array";
    python(`${save}([[1, -2**53 + 1], [3, 4]]).T, u=np.uint64(7))`, path);
    expect(decodeNpz(readFileSync(path), path)).toEqual({
      n: { data: Float64Array.of(1, 3, 1 - 2 ** 53, 4), shape: [2, 2] },
      u: { data: Float64Array.of(7), shape: [] },
    });
    for (const [array, sentence] of [
      ["([2**53])", "n.npy in bad.npz holds integers beyond 2^53;"],
      ["([1j])", "n.npy in bad.npz holds elements of type <c16;"],
    ]) {
      python(`${save}${array})`, path);
      expect(() => decodeNpz(readFileSync(path), "bad.npz")).toThrow(sentence);
    }
  });
});
