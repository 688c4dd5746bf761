// @module-tag process
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type MatValue, readMat } from "../../data/mat5-read.ts";
import { writeMat } from "../../data/mat5-write.ts";
import { titled } from "../golden.ts";
import { hasScipy, python } from "./python.ts";

const folder = mkdtempSync(join(tmpdir(), "mesoflow-mat5-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Says in JSON what scipy reads from each of sys.argv[1:]; null for a file that scipy refuses. */
const tell = `
import json, sys, warnings, numpy as np, scipy.io, scipy.sparse
from scipy.io.matlab import MatlabFunction, MatlabObject, MatlabOpaque
warnings.simplefilter("ignore")
def value(x):
    if x is None or scipy.sparse.issparse(x) or isinstance(x, (MatlabFunction, MatlabObject, MatlabOpaque)) or x.dtype.kind == "c":
        return {"kind": "unsupported"}
    if x.dtype.names:
        return {"kind": "struct", "shape": x.shape, "fields": {n: [value(y) for y in x[n].ravel()] for n in x.dtype.names}}
    if x.dtype.kind == "O":
        return {"kind": "cell", "shape": x.shape, "items": [value(y) for y in x.ravel()]}
    if x.dtype.kind in "US":
        return {"kind": "char", "rows": [str(y) for y in x.ravel()]}
    return {"kind": "numeric", "shape": x.shape, "data": [str(float(y)) for y in x.ravel()]}
def file(path):
    try:
        variables = scipy.io.loadmat(path)
    except Exception:
        return None
    return {n: value(v) for n, v in variables.items() if not n.startswith("__") and n != "None"}
print(json.dumps([file(path) for path in sys.argv[1:]]))
`;

/** What `tell` says, of what this reader reads. */
function told(value: MatValue): unknown {
  switch (value.kind) {
    case "numeric":
      return { kind: "numeric", shape: value.shape, data: Array.from(value.data, Number) };
    case "char":
      return { kind: "char", rows: value.rows };
    case "cell":
      return { kind: "cell", shape: value.shape, items: value.items.map(told) };
    case "struct": {
      const fields = [...value.fields].map(([name, values]) => [name, values.map(told)]);
      return { kind: "struct", shape: value.shape, fields: Object.fromEntries(fields) };
    }
    case "unsupported":
      return { kind: "unsupported" };
  }
}
const toldOf = (path: string) =>
  Object.fromEntries([...readMat(readFileSync(path), path)].map(([name, read]) => [name, told(read())]));
const asNumbers = (key: string, value: unknown) =>
  key === "data" ? (value as string[]).map((text) => Number(text.replace("inf", "Infinity"))) : value;
const toldByScipy = (...paths: string[]) => JSON.parse(python(tell, ...paths), asNumbers);

const title = (text: string) => titled(text, hasScipy, "python3 with scipy");

describe.skipIf(!hasScipy)(title("what scipy wrote"), () => {
  it.each([
    ["compressed", "True"],
    ["plain", "False"],
  ])("is read, %s", (name, compression) => {
    const path = join(folder, `${name}.mat`);
    python(
      `
import sys, numpy as np, scipy.io, scipy.sparse
r = np.random.default_rng(1)
x = r.normal(size=(7, 5)); x[2, 3] = np.nan; x[0, 0] = np.inf; x[6, 4] = -np.inf; x[1, 1] = -0.0
ints = {t: np.array([[np.iinfo(t).min, 0, 1], [2, 3, np.iinfo(t).max]], t)
        for t in ["int8", "uint8", "int16", "uint16", "int32", "uint32"]}
records = np.array([(1.0, "one"), (2.0, "two")], dtype=[("number", object), ("name", object)])
scipy.io.savemat(sys.argv[1], {
    "x": x, "single": x.astype("f4"), "cube": r.normal(size=(2, 3, 4)), "long": np.array([[2**53 - 1, -5]]),
    "empty": np.zeros((0, 3)), "flags": x > 0, "text": "α and ω", "lines": np.array(["one", "three"]), "none": "",
    "cell": np.array([1.5, "two", x], dtype=object), "records": records, "ints": ints,
    "nested": {"a": {"b": {"c": x}}}, "complex": x * 1j, "sparse": scipy.sparse.csc_matrix(np.eye(3)),
}, do_compression=sys.argv[2] == "True")
`,
      path,
      compression,
    );
    const [expected] = toldByScipy(path);
    expect(Object.keys(expected)).toHaveLength(15);
    expect(toldOf(path)).toEqual(expected);
  });

  it("is refused in MATLAB's version 4", () => {
    const path = join(folder, "v4.mat");
    python(`import sys, scipy.io; scipy.io.savemat(sys.argv[1], {"x": [1.0, 2.0]}, format="4")`, path);
    expect(() => readMat(readFileSync(path), "v4.mat")).toThrow("v4.mat is a MATLAB v4 file");
  });
});

describe.skipIf(!hasScipy)(title("what writeMat wrote"), () => {
  it("is read by scipy", () => {
    const path = join(folder, "ours.mat");
    const data = Float64Array.from({ length: 24 }, (_, index) => index / 7);
    const bytes = writeMat({
      s: { x: { data, shape: [4, 6] }, nan: { data: Float32Array.of(NaN, 0.1), shape: [2, 1] }, text: "αβγ" },
      cube: { data, shape: [2, 3, 4] },
    });
    writeFileSync(path, bytes);
    const [expected] = toldByScipy(path);
    expect(expected.cube.data).toEqual(Array.from(data));
    expect(expected.s.fields.text).toEqual([{ kind: "char", rows: ["αβγ"] }]);
    expect(toldOf(path)).toEqual(expected);
  });
});

const matlabFiles: string[] = hasScipy
  ? JSON.parse(
      python(`
import glob, json, os, scipy.io.matlab
print(json.dumps(sorted(glob.glob(os.path.join(os.path.dirname(scipy.io.matlab.__file__), "tests/data/*.mat")))))`),
    )
  : [];
/** Where scipy renames fields that occur twice, or makes a cell of a struct without fields. */
const scipyOnly = /duplicate_fieldnames|empty_struct/;
const hasFiles = matlabFiles.length > 0;

describe.skipIf(!hasFiles)(
  titled("what MATLAB 5 to 8 wrote on several platforms", hasFiles, "scipy's test files"),
  () => {
    it("is read as scipy reads it", () => {
      const expected = toldByScipy(...matlabFiles);
      let compared = 0;
      for (const [index, path] of matlabFiles.entries()) {
        const name = path.replace(/.*\//, "");
        if (/_4\.2c_|_4_|m4|mat4|hdf5/.test(name)) {
          expect(() => readMat(readFileSync(path), name), name).toThrow(/(v4|v7\.3).*save\(…, "-v7"\)/);
        } else if (expected[index] !== null && !scipyOnly.test(name)) {
          expect(toldOf(path), name).toEqual(expected[index]);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(70);
    });
  },
);
