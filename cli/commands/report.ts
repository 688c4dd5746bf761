import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExitStatus, Options } from "../options.ts";
import { tryFolder, writeFolder } from "../output/file-output.ts";
import { counted, size } from "../output/format.ts";
import { print, printJson, tell } from "../output/print.ts";
import type { Presenter } from "../present/lines-presenter.ts";
import { presenterFor } from "../present/presenter.ts";
import { composed } from "../report/composed.ts";
import { generator } from "../report/page.ts";
import { checkElsewhere } from "../session/cluster.ts";
import { executed, statusOf } from "../session/execution.ts";
import { withSession } from "../session/session.ts";
import { unlessInterrupted } from "../session/signals.ts";

/** `mesoflow report [stage…]`: what is missing is computed, then all is told in a page, with a folder around it. */
export async function report(options: Options): Promise<ExitStatus> {
  const folder = options.out ?? "report";
  // Before anything long begins.
  await checkElsewhere(options);
  await tryFolder(folder, isReport);
  return withSession(options, { readOnly: false }, async (session) => {
    const targets = session.targets(options.names);
    const presenter = await presenterFor(options);
    const shown = options.json ? withoutSummary(presenter) : presenter;
    const execution = await executed(session, targets, shown, options);
    let files: ReadonlyMap<string, Uint8Array | string> | undefined;
    if (execution.isDone) {
      files = await unlessInterrupted(async (signal) => {
        const made = await composed(session, targets, execution, options, signal);
        await writeFolder(folder, made, isReport, signal);
        return made;
      });
    }
    const { summary, failures } = execution;
    if (!files) {
      if (options.json) printJson(summary);
      if (execution.isDone) tell("interrupted; what was computed is kept, no report was written");
      return 130;
    }
    const all = [...files].map(([file, content]) => ({ file, bytes: Buffer.byteLength(content) }));
    const bytes = all.reduce((sum, each) => sum + each.bytes, 0);
    if (options.json) printJson({ ...summary, report: { folder, page: all[0]!.file, bytes, files: all } });
    else {
      const page = size(all[0]!.bytes);
      print(
        `wrote ${join(folder, all[0]!.file)} (${page}), and ${counted(all.length - 1, "file")} beside it (${size(bytes - all[0]!.bytes)})`,
      );
    }
    return statusOf(failures);
  });
}

/** A report says what it is at its beginning. */
const isReport = (path: string): Promise<boolean> =>
  readFile(join(path, "report.html"), "utf8").then(
    (page) => page.slice(0, 1000).includes(`<meta name="generator" content="${generator} `),
    () => false,
  );

/** The summary comes last, when there is more to say. */
const withoutSummary = (presenter: Presenter): Presenter => ({
  show(event) {
    if (event.event !== "summary") presenter.show(event);
  },
  end: () => presenter.end(),
});
