import { BadInput } from "../pipeline/errors.ts";
import type { PlainArray } from "./npy.ts";
import { openNpz } from "./npz.ts";
import { type Content, NoRecording, type OpenRecording, type Recording } from "./recording.ts";
import { axisOf, checkSignal, filledOf, type Numeric } from "./recording-checks.ts";

const asArrays = "a recording has the arrays vsd (space × time, in ‰), time (ms) and space (mm)";

/**
 * A recording in an NPZ file: `vsd`[space, time] in ‰ of the resting fluorescence, `time` in ms and `space` in mm;
 * beside a signal without NaN `missing` may say how many zeros were not measured. Other arrays may be anything.
 * That is what `mesoflow export recording/<name>` writes.
 *
 * @param file its name, for error messages
 * @throws BadInput; NoRecording where there is no vsd
 */
export function openNpzRecording(bytes: Uint8Array, file: string): OpenRecording {
  const arrays = openNpz(bytes, file);
  if (!arrays.has("vsd")) {
    const names = [...arrays.keys()].join(", ");
    if (arrays.has("stim1")) {
      throw new BadInput(`${file} holds stim1 but no vsd; save 1000 * stim1 as vsd, for that is in ‰`);
    }
    throw new NoRecording(`${file} holds no ${names ? `vsd but ${names}` : "arrays"}; ${asArrays}`);
  }
  return {
    format: "NPZ",
    contents: () => [...arrays].map(([name, read]) => contentOf(name, read)),
    read: () => recordingIn(arrays, file),
  };
}

function recordingIn(arrays: ReadonlyMap<string, () => PlainArray>, file: string): Recording {
  const array = (name: string): Numeric => {
    const found = arrays.get(name)?.();
    if (!found) throw new BadInput(`${file} has no array ${name}; ${asArrays}`);
    return { data: Float64Array.from(found.data), shape: found.shape };
  };
  const time = axisOf(array("time"), "time", file);
  const space = axisOf(array("space"), "space", file);
  const vsd = { ...array("vsd"), name: "vsd", place: (...at: number[]) => `vsd[${at.join(", ")}]` };
  checkSignal(vsd, { space, time }, file);
  const missing = arrays.get("missing")?.().data;
  const stated = missing?.length === 1 ? missing[0] : undefined;
  return { vsd: vsd.data, time, space, filled: filledOf(stated, vsd.data, file) };
}

function contentOf(name: string, read: () => PlainArray): Content {
  try {
    const { data, shape } = read();
    const type = data.constructor.name.replace("Array", "").toLowerCase();
    return { name, what: `${shape.join("×") || "scalar"} ${type}` };
  } catch (thrown) {
    if (!(thrown instanceof BadInput)) throw thrown;
    return { name, what: "unreadable here" };
  }
}
