import { extname } from "node:path";
import { BadInput } from "../pipeline/errors.ts";
import { csvRows } from "./csv-read.ts";
import type { OpenRecording, Recording } from "./recording.ts";
import { openCsvRecording } from "./recording-csv.ts";
import { openMatRecording } from "./recording-mat.ts";
import { openNpzRecording } from "./recording-npz.ts";

/** Endings of the files that a folder's recordings have. */
export const recordingEndings = [".mat", ".npz", ".csv"] as const;

/**
 * Reads a recording from a MATLAB 5, NPZ or CSV file: see `openMatRecording`, `openNpzRecording` and
 * `openCsvRecording` for what each must hold.
 *
 * @param file its name, for error messages and where the bytes do not tell the format
 * @throws BadInput
 */
export const readRecording = (bytes: Uint8Array, file: string): Recording =>
  openRecording(bytes, file).read();

/**
 * Looks what kind of file it is, by its first bytes or, where these may be of several kinds, by its ending.
 *
 * @throws BadInput where no recording is read from such a file; NoRecording where it is something else
 */
export function openRecording(bytes: Uint8Array, file: string): OpenRecording {
  const begins = (...codes: number[]) => codes.every((code, index) => bytes[index] === code);
  const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
  if (bytes.length === 0) throw new BadInput(`${file} is empty; copy it anew or save it again`);
  if (begins(...letters("PK"), 3, 4) || begins(...letters("PK"), 5, 6)) return openNpzRecording(bytes, file);
  if (begins(0x93, ...letters("NUMPY"))) {
    throw new BadInput(
      `${file} is a single array of NumPy (.npy); save signal and axes together with numpy.savez(…, vsd=…, time=…, space=…)`,
    );
  }
  if (begins(0x1f, 0x8b)) throw new BadInput(`${file} is compressed with gzip; unpack it first`);
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff)) {
    throw new BadInput(`${file} is text in UTF-16; save it as "CSV UTF-8"`);
  }
  if (begins(...letters("MATLAB")) || begins(0x89, ...letters("HDF"))) return openMatRecording(bytes, file);
  const ending = extname(file).toLowerCase();
  const isText = !bytes.subarray(0, 4096).includes(0);
  const isBinary = ending === ".mat" || ending === ".npz";
  if (isText && (!isBinary || isTable(bytes, file))) return openCsvRecording(bytes, file);
  if (ending === ".npz") return openNpzRecording(bytes, file);
  if (ending === ".csv") throw new BadInput(`${file} is no text; save it as "CSV UTF-8"`);
  return openMatRecording(bytes, file);
}

/** Whether the first row has several cells. */
function isTable(bytes: Uint8Array, file: string): boolean {
  try {
    return (csvRows(bytes, file).next().value?.cells.length ?? 0) > 2;
  } catch (thrown) {
    if (thrown instanceof BadInput) return false;
    throw thrown;
  }
}
