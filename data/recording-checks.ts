import { BadInput } from "../pipeline/errors.ts";

/** Numbers as a file holds them, row-major. */
export interface Numeric {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

/** What a file says of a signal [space, time]: the array's name in it, and how the file's users name a place. */
export interface Signal extends Numeric {
  readonly name: string;
  place(row: number, column: number): string;
}

/**
 * Refuses a signal that does not fit its axes, is infinite anywhere, or was not measured at all.
 *
 * @param file its name, for error messages
 * @throws BadInput
 */
export function checkSignal(
  { name, data, shape, place }: Signal,
  { space, time }: { readonly space: Float64Array; readonly time: Float64Array },
  file: string,
): void {
  const [positions, samples] = [space.length, time.length];
  if (shape.length !== 2 || shape[0] !== positions || shape[1] !== samples) {
    const isTurned = shape.length === 2 && shape[0] === samples && shape[1] === positions;
    throw new BadInput(
      `${name} of ${file} is ${shape.join("×") || "a single number"}, but space has ${positions} samples and ` +
        `time ${samples}: ${name} must be ${positions}×${samples}${isTurned ? ", so transpose it" : ""}`,
    );
  }
  const infinite = data.findIndex((value) => Math.abs(value) === Infinity);
  if (infinite >= 0) {
    const where = place(Math.floor(infinite / samples), infinite % samples);
    throw new BadInput(`${where} of ${file} is infinite; mark what was not measured as NaN`);
  }
  if (data.every(Number.isNaN)) {
    throw new BadInput(`${name} of ${file} is NaN throughout; give a recording with something measured`);
  }
}

/**
 * A row or column of numbers that rise from sample to sample.
 *
 * @param place how the file's users name a sample; samples count from 1 unless given
 * @throws BadInput
 */
export function axisOf(
  { data, shape }: Numeric,
  name: "time" | "space",
  file: string,
  place = (index: number): string => `sample ${index + 1}`,
): Float64Array {
  const unit = { time: "ms", space: "mm" }[name];
  if (data.length < 2) {
    throw new BadInput(`${name} of ${file} has length ${data.length}; a recording needs at least 2 samples`);
  }
  if (shape.filter((length) => length !== 1).length > 1) {
    throw new BadInput(`${name} of ${file} is ${shape.join("×")}; store it as one row of ${unit}`);
  }
  data.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      throw new BadInput(`${name} of ${file} is ${value} at ${place(index)}; every sample needs its ${unit}`);
    }
    const before = data[index - 1]!;
    if (value <= before) {
      throw new BadInput(
        `${name} of ${file} must rise from sample to sample, ` +
          `but ${place(index)} (${value} ${unit}) follows ${before} ${unit}; sort or correct it`,
      );
    }
  });
  return data;
}

/**
 * How many samples were set to 0 because they were not measured, as an export says beside a signal without gaps.
 * Where there are gaps, these tell it themselves.
 *
 * @throws BadInput where there are not that many zeros
 */
export function filledOf(stated: number | undefined, signal: Float64Array, file: string): number {
  if (stated === undefined || signal.some(Number.isNaN)) return 0;
  const zeros = signal.filter((value) => value === 0).length;
  if (Number.isInteger(stated) && stated >= 0 && stated <= zeros) return stated;
  throw new BadInput(
    `missing of ${file} is ${stated}, but must be how many of the ${zeros} zeros of vsd were not measured; ` +
      "correct it or leave it out",
  );
}
