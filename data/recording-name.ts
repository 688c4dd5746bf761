import { parse } from "node:path";
import { BadInput } from "../pipeline/errors.ts";

const baseName = (file: string) => parse(file).name;

/** matx2_wa080507_NL_up_5050: the session and the digits of its stimulus. */
function partsOf(file: string): { session?: string; digits?: string } {
  return /^(?:matx2_)?(?<session>.+)_NL_up_(?<digits>\d+)$/.exec(baseName(file))?.groups ?? {};
}

/** What a recording is called: the session in its file's name, or else that name without folder and extension. */
export function recordingName(file: string): string {
  return partsOf(file).session ?? baseName(file);
}

/**
 * A name for each of several files, in their order. Recordings of one session are told apart by the digits of
 * their stimulus: wa080507_100100, wa080507_5050.
 *
 * @throws BadInput if two files still go by one name
 */
export function recordingNames(files: readonly string[]): string[] {
  const short = files.map(recordingName);
  const isShared = (name: string) => short.indexOf(name) !== short.lastIndexOf(name);
  const names = files.map((file, index) => {
    const name = short[index]!;
    const { digits } = partsOf(file);
    return digits && isShared(name) ? `${name}_${digits}` : name;
  });
  names.forEach((name, index) => {
    const first = names.indexOf(name);
    if (first !== index) {
      throw new BadInput(
        `${files[first]} and ${files[index]} would both be called ${name}; rename one of them or leave it out`,
      );
    }
  });
  return names;
}

export interface Stimulus {
  /** ms */
  readonly duration: number;
  /** ms */
  readonly delay: number;
}

/**
 * The stimulus that a file's name ends in: …_5020 lasts 50 ms after a delay of 20 ms. Both are 10, 20, 50 or
 * 100 ms, and since no delay begins with a zero, digits split in one way at most.
 */
export function stimulusOf(file: string): Stimulus | undefined {
  const [, duration, delay] = /_(10|20|50|100)(10|20|50|100)$/.exec(baseName(file)) ?? [];
  return duration ? { duration: Number(duration), delay: Number(delay) } : undefined;
}
