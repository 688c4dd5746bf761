import { BadInput } from "./bad-input.ts";
import { type MatValue, readMat } from "./mat5-read.ts";
import { writeMat } from "./mat5-write.ts";

/** A recording of voltage-sensitive dye along a line across cortex. */
export interface Recording {
  /** Relative change of fluorescence, a fraction: row-major [space, time]. NaN where nothing was measured. */
  readonly stim1: Float64Array;
  /** ms, rising */
  readonly time: Float64Array;
  /** mm, rising */
  readonly space: Float64Array;
}

const asFields = "a recording is a struct matNL with the fields stim1 (space × time), time and space";

/**
 * Reads a recording from a MATLAB 5 file: the struct `matNL`, or its first element, with `stim1`[space, time] as
 * a fraction, `time` in ms and `space` in mm. Other fields and variables may be anything.
 *
 * @param file its name, for error messages
 * @throws BadInput
 */
export function readRecording(bytes: Uint8Array, file: string): Recording {
  const variables = readMat(bytes, file);
  const matNL = variables.get("matNL")?.();
  if (!matNL) {
    const names = [...variables.keys()].join(", ");
    throw new BadInput(`${file} holds no ${names ? `matNL but ${names}` : "variables"}; ${asFields}`);
  }
  if (matNL.kind !== "struct") throw new BadInput(`matNL of ${file} is ${described(matNL)}; ${asFields}`);
  const field = (name: string) => numeric(matNL.fields.get(name)?.[0], name, file);

  const time = axis(field("time"), "time", "ms", file);
  const space = axis(field("space"), "space", "mm", file);
  const stim1 = field("stim1");
  const [positions, samples] = [space.length, time.length];
  if (stim1.shape.length !== 2 || stim1.shape[0] !== positions || stim1.shape[1] !== samples) {
    throw new BadInput(
      `stim1 of ${file} is ${stim1.shape.join("×")}, but space has ${positions} samples and time ${samples}: ` +
        `stim1 must be ${positions}×${samples}`,
    );
  }
  const infinite = stim1.data.findIndex((value) => Math.abs(value) === Infinity);
  if (infinite >= 0) {
    const [row, column] = [Math.floor(infinite / samples) + 1, (infinite % samples) + 1];
    throw new BadInput(`stim1(${row}, ${column}) of ${file} is infinite; mark what was not measured as NaN`);
  }
  if (stim1.data.every(Number.isNaN)) {
    throw new BadInput(`stim1 of ${file} is NaN throughout; give a recording with something measured`);
  }
  return { stim1: stim1.data, time, space };
}

/** A MATLAB 5 file that `readRecording` reads; equal recordings give equal bytes. */
export function writeRecording({ stim1, time, space }: Recording): Uint8Array {
  return writeMat({
    matNL: {
      stim1: { data: stim1, shape: [space.length, time.length] },
      time: { data: time, shape: [1, time.length] },
      space: { data: space, shape: [1, space.length] },
    },
  });
}

interface Numeric {
  readonly data: Float64Array;
  readonly shape: readonly number[];
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

/** A row or column of numbers that rise from sample to sample. Samples count from 1, as in MATLAB. */
function axis({ data, shape }: Numeric, name: string, unit: string, file: string): Float64Array {
  if (data.length < 2) {
    throw new BadInput(`${name} of ${file} has length ${data.length}; a recording needs at least 2 samples`);
  }
  if (shape.filter((length) => length !== 1).length > 1) {
    throw new BadInput(`${name} of ${file} is ${shape.join("×")}; store it as one row of ${unit}`);
  }
  data.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      throw new BadInput(
        `${name} of ${file} is ${value} at sample ${index + 1}; every sample needs its ${unit}`,
      );
    }
    const before = data[index - 1]!;
    if (value <= before) {
      throw new BadInput(
        `${name} of ${file} must rise from sample to sample, ` +
          `but sample ${index + 1} (${value} ${unit}) follows ${before} ${unit}; sort or correct it`,
      );
    }
  });
  return data;
}
