import { extname } from "node:path";
import { BadInput } from "../../pipeline/errors.ts";
import type { ExitStatus, Options } from "../options.ts";
import { type Format, formats } from "../output/export-formats.ts";
import { holds, writeFolder, writeWhole } from "../output/file-output.ts";
import { size } from "../output/format.ts";
import { fileOf } from "../output/labelled.ts";
import { print, printJson } from "../output/print.ts";
import { computedOf } from "../session/computed.ts";
import { withSession } from "../session/session.ts";

/** `mesoflow export <stage>`: its artifact as a file for other programs. */
export function exportStage(options: Options): Promise<ExitStatus> {
  const format = formatOf(options);
  return withSession(options, { readOnly: true }, async (session) => {
    const asked = session.targets(options.names);
    if (options.out !== undefined && asked.length > 1) {
      throw new BadInput(
        `--out ${options.out} names one file, but ${options.names.join(" ")} are ${asked.length} stages.`,
      );
    }
    const found = await computedOf(session, options);
    for (const computed of found) {
      const stage = computed.node.name;
      const file = options.out ?? fileOf(stage, format);
      const content = formats[format](computed);
      if (content instanceof Map) await writeFolder(file, content, holds([...content.keys()][0]!));
      else await writeWhole(file, content);
      const bytes = (content instanceof Map ? [...content.values()] : [content]).reduce(
        (sum, each) => sum + Buffer.byteLength(each),
        0,
      );
      const { key, content: hash } = computed.result;
      if (options.json) printJson({ event: "exported", stage, key, content: hash, file, format, bytes });
      else print(`wrote ${stage} to ${file} (${format}, ${size(bytes)})`);
    }
    return found.length === asked.length ? 0 : 1;
  });
}

/** As asked for, or as the file's name says, or NPZ where nothing says. */
function formatOf({ format, out }: Options): Format {
  const wanted = format ?? (out === undefined ? "npz" : extname(out).slice(1).toLowerCase());
  if (Object.hasOwn(formats, wanted)) return wanted as Format;
  throw new BadInput(
    `The format of ${out} cannot be told from its name: add --format npz, csv, json or zarr.`,
  );
}
