import { randomBytes } from "node:crypto";
import { type Finding, verify } from "../../cache/inspect.ts";
import { fractionGiven } from "../configuration/quantities.ts";
import type { ExitStatus, Options } from "../options.ts";
import { counted, short, size } from "../output/format.ts";
import { print, printJson } from "../output/print.ts";
import { withStore } from "../session/session.ts";

/** `mesoflow cache verify [--sample p]`: 1 where anything is damaged. */
export function check(options: Options): Promise<ExitStatus> {
  const sample = fractionGiven("sample", options.sample) ?? 1;
  return withStore(options, { readOnly: false }, async (open) => {
    const seed = randomBytes(4).toString("hex");
    const { findings, entries, artifacts, bytes, evicted } = await verify(open(), { sample, seed });
    const damaged = findings.filter(({ kind }) => kind === "artifact" || kind === "entry").length;
    const mended = findings.filter(({ kind }) => kind === "index").length;
    if (options.json) {
      for (const finding of findings) printJson({ event: "finding", ...finding });
      printJson({ event: "verified", damaged, mended, entries, artifacts, bytes, evicted });
    } else {
      for (const finding of findings) print(textOf(finding));
      print(
        `${counted(artifacts, "artifact")} (${size(bytes)}) and ${counted(entries, "entry").replace("entrys", "entries")} read: ` +
          (damaged === 0
            ? "nothing is damaged"
            : `${damaged} damaged, in quarantine; mesoflow run makes them again`) +
          (mended > 0 ? `; ${mended} mended in the index of chunks` : ""),
      );
    }
    return damaged > 0 ? 1 : 0;
  });
}

function textOf(finding: Finding): string {
  switch (finding.kind) {
    case "artifact":
      return `damaged ${finding.stage ?? "artifact"} ${short(finding.content)}: ${finding.what}`;
    case "entry":
      return `damaged entry ${short(finding.key)} of ${finding.table}: ${finding.what}`;
    case "index":
      return `mended the index of chunks: ${finding.what}`;
    case "orphan":
      return `unused bytes ${short(finding.hash)} (${size(finding.bytes)}): mesoflow cache gc frees them`;
  }
}
