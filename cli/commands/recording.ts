import { relative } from "node:path";
import { recordingName, recordingNames } from "../../data/recording-name.ts";
import { BadInput, isError } from "../../pipeline/errors.ts";
import { settingsOf } from "../configuration/configuration.ts";
import type { ExitStatus, Options } from "../options.ts";
import { print, printJson, tell } from "../output/print.ts";
import { countsTwice, recordingQualityText } from "../present/recording-quality.ts";
import { duplicatesOf, type RecordingQuality, recordingQualityOf } from "../recordings/recording-quality.ts";
import { bytesOf, filesOf } from "../recordings/recordings.ts";

/** `mesoflow recording <file…>`: what recordings are like, whether or not the pipeline uses them. */
export async function recording(options: Options): Promise<ExitStatus> {
  const { configuration } = await settingsOf(options);
  const { files, leftOut } = await filesOf(options.names);
  const faults: string[] = [];
  const names = namesOf(files, faults);
  const surveys: RecordingQuality[] = [];
  for (const [index, path] of files.entries()) {
    try {
      const file = relative("", path);
      surveys.push(recordingQualityOf(await bytesOf(path), { file, name: names[index]! }, configuration));
    } catch (thrown) {
      // One bad file does not hide the others.
      if (!isError(thrown, BadInput)) throw thrown;
      faults.push(thrown.message);
    }
  }
  const twins = duplicatesOf(surveys);
  if (options.json) {
    surveys.forEach((survey, index) => {
      const { course, profile, ...response } = survey.response;
      printJson({ ...survey, response, sameAs: twins[index] });
    });
  } else if (surveys.length > 0) {
    print(surveys.map((survey, index) => recordingQualityText(survey, twins[index]!)).join("\n\n"));
  }
  for (const fault of faults) tell(fault);
  for (const { message } of leftOut) tell(message);
  const same = twins.filter((twin) => twin !== null).length;
  if (same > 0) tell(countsTwice(same));
  if (options.json) {
    const [recordings, failed] = [surveys.length, files.length - surveys.length];
    const others = leftOut.map(({ path }) => relative("", path));
    printJson({ event: "summary", recordings, failed, same, leftOut: others });
  }
  return faults.length > 0 ? 2 : 0;
}

/** The names that the files go by; where they could not go together, those that each has by itself. */
function namesOf(files: readonly string[], faults: string[]): string[] {
  try {
    return recordingNames(files);
  } catch (thrown) {
    if (!isError(thrown, BadInput)) throw thrown;
    faults.push(thrown.message);
    return files.map(recordingName);
  }
}
