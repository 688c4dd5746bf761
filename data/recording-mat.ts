import { BadInput } from "../pipeline/errors.ts";
import { type MatValue, readMat } from "./mat5-read.ts";
import { writeMat } from "./mat5-write.ts";
import { type Content, NoRecording, type OpenRecording, type Recording } from "./recording.ts";
import { axisOf, checkSignal, type Numeric } from "./recording-checks.ts";

const asFields = "a recording is a struct matNL with the fields stim1 (space × time), time and space";

/**
 * A recording in a MATLAB 5 file: the struct `matNL`, or its first element, with `stim1`[space, time] as a
 * fraction of the resting fluorescence, `time` in ms and `space` in mm. Other fields and variables may be anything.
 *
 * @param file its name, for error messages
 * @throws BadInput
 */
export function openMatRecording(bytes: Uint8Array, file: string): OpenRecording {
  const variables = readMat(bytes, file);
  return {
    format: "MATLAB 5",
    contents: () => [...variables].flatMap(([name, value]) => contentsOf(name, value)),
    read: () => recordingIn(variables, file),
  };
}

function recordingIn(variables: ReadonlyMap<string, () => MatValue>, file: string): Recording {
  const matNL = variables.get("matNL")?.();
  if (!matNL) {
    const names = [...variables.keys()].join(", ");
    throw new NoRecording(`${file} holds no ${names ? `matNL but ${names}` : "variables"}; ${asFields}`);
  }
  if (matNL.kind !== "struct") throw new NoRecording(`matNL of ${file} is ${described(matNL)}; ${asFields}`);
  const field = (name: string) => numeric(matNL.fields.get(name)?.[0], name, file);

  const time = axisOf(field("time"), "time", file);
  const space = axisOf(field("space"), "space", file);
  const place = (row: number, column: number) => `stim1(${row + 1}, ${column + 1})`;
  const stim1 = { ...field("stim1"), name: "stim1", place };
  checkSignal(stim1, { space, time }, file);
  return { vsd: stim1.data.map((fraction) => 1e3 * fraction), time, space, filled: 0 };
}

/** What a MATLAB 5 file of a recording holds: `stim1` is a fraction, row-major [space, time]. */
export interface MatRecording {
  readonly stim1: Float64Array;
  readonly time: Float64Array;
  readonly space: Float64Array;
}

/** A MATLAB 5 file of a recording; equal recordings give equal bytes. */
export function writeRecording({ stim1, time, space }: MatRecording): Uint8Array {
  return writeMat({
    matNL: {
      stim1: { data: stim1, shape: [space.length, time.length] },
      time: { data: time, shape: [1, time.length] },
      space: { data: space, shape: [1, space.length] },
    },
  });
}

function numeric(value: MatValue | undefined, name: string, file: string): Numeric {
  if (!value) throw new BadInput(`matNL of ${file} has no ${name}; ${asFields}`);
  if (value.kind !== "numeric") {
    throw new BadInput(`${name} of ${file} is ${described(value)}; store it as an array of real numbers`);
  }
  return { data: Float64Array.from(value.data), shape: value.shape };
}

function described(value: MatValue): string {
  if (value.kind === "unsupported") return value.what;
  return { numeric: "an array of numbers", char: "text", cell: "a cell array", struct: "a struct" }[
    value.kind
  ];
}

/** A variable and, of a struct, the fields of its first element. */
function contentsOf(name: string, read: () => MatValue): Content[] {
  let value: MatValue;
  try {
    value = read();
  } catch (thrown) {
    if (!(thrown instanceof BadInput)) throw thrown;
    return [{ name, what: "damaged" }];
  }
  if (value.kind !== "struct") return [{ name, what: lookOf(value) }];
  const fields = [...value.fields].flatMap(([field, [first]]) =>
    first ? [{ name: `${name}.${field}`, what: lookOf(first) }] : [],
  );
  return [{ name, what: lookOf(value) }, ...fields];
}

function lookOf(value: MatValue): string {
  if (value.kind === "unsupported") return value.what;
  const kind = { numeric: "", char: "text", cell: "cell array", struct: "struct" }[value.kind];
  return `${value.shape.join("×")} ${value.kind === "numeric" ? value.class : kind}`;
}
