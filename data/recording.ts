import { BadInput } from "../pipeline/errors.ts";

/** A recording of voltage-sensitive dye along a line across cortex. */
export interface Recording {
  /** ‰ of the resting fluorescence, row-major [space, time]. NaN where nothing was measured. */
  readonly vsd: Float64Array;
  /** ms, rising */
  readonly time: Float64Array;
  /** mm, rising */
  readonly space: Float64Array;
  /** How many samples were not measured and are 0 in `vsd` already, as in what mesoflow exports. */
  readonly filled: number;
}

/** A variable, array or column of a file. */
export interface Content {
  readonly name: string;
  /** "193×66 double" */
  readonly what: string;
}

/** A file that is a recording by its looks; whether it is one turns out when it is read. */
export interface OpenRecording {
  /** "MATLAB 5" */
  readonly format: string;
  /** What is in the file, a recording's or not. */
  contents(): Content[];
  /** @throws BadInput */
  read(): Recording;
}

/** A file that may be whole, but is something else than a recording. */
export class NoRecording extends BadInput {}
