import { relative } from "node:path";
import { recordingNames } from "../../data/recording-name.ts";
import type { ExitStatus, Options } from "../options.ts";
import { number, short } from "../present/format.ts";
import { print, printJson, tell } from "../present/print.ts";
import { bytesOf, filesOf } from "../recordings.ts";
import { type Axis, type Survey, surveyOf } from "../survey.ts";

/** `mesoflow recording <file…>`: what recordings are like, whether or not the pipeline uses them. */
export async function recording({ names: patterns, json }: Options): Promise<ExitStatus> {
  const files = await filesOf(patterns);
  const names = recordingNames(files);
  let bad = 0;
  for (const [index, file] of files.entries()) {
    try {
      const survey = surveyOf(await bytesOf(file), relative("", file), names[index]!);
      if (json) printJson(survey);
      else print(`${index > 0 ? "\n" : ""}${text(survey)}`);
    } catch (thrown) {
      // One bad file does not hide the others.
      if (!(thrown instanceof Error && thrown.name === "BadInput")) throw thrown;
      tell(thrown.message);
      bad++;
    }
  }
  if (json) printJson({ event: "summary", recordings: files.length - bad, failed: bad });
  return bad > 0 ? 2 : 0;
}

function text({ name, file, time, space, missing, peak, noise, stimulus, hash }: Survey): string {
  const samples = time.count * space.count;
  const lines = {
    shape: `${space.count} × ${time.count} (space × time)`,
    time: axisText(time, "ms"),
    space: axisText(space, "mm"),
    missing: missing === 0 ? "none" : `${missing} of ${samples} samples`,
    peak: `${number(peak.signal)} ‰ at ${number(peak.time)} ms, ${number(peak.space)} mm`,
    noise: noise === null ? "unknown: no samples before 0 ms" : `SD ${number(noise)} ‰ before 0 ms`,
    stimulus: stimulus
      ? `${stimulus.duration} ms long after ${stimulus.delay} ms, by the file's name`
      : "not told by the file's name",
    bytes: `BLAKE3 ${short(hash)}…`,
  };
  return [
    `${name}  ${file}`,
    ...Object.entries(lines).map(([what, line]) => `  ${what.padEnd(9)} ${line}`),
  ].join("\n");
}

const axisText = ({ from, to, step }: Axis, unit: string): string =>
  `${number(from)} to ${number(to)} ${unit}, every ${number(step)} ${unit}`;
