import type { PipelineEvent } from "../../pipeline/index.ts";
import { jsonLine, writeLine } from "../output/print.ts";
import { lineOf } from "./event-line.ts";
import { linesPresenter, type Presenter } from "./lines-presenter.ts";

/** The presenter for where the output goes. */
export async function presenterFor({ json }: { readonly json: boolean }): Promise<Presenter> {
  const told = (line: string) => writeLine(process.stderr, line);
  if (json) {
    const said = linesPresenter((line) => writeLine(process.stdout, line), jsonLine);
    return both(said, linesPresenter(told, failureLine));
  }
  // A terminal that does not tell its size, as some recorders of sessions do, gets lines too.
  const terminal = [process.stderr, process.stdout].find(({ isTTY, columns }) => isTTY && columns > 0);
  if (!terminal || process.env.TERM === "dumb") return linesPresenter(told);
  // Loaded only on a terminal: it takes a while to import.
  const { livePresenter } = await import("./live.ts");
  const live = livePresenter(terminal);
  return terminal === process.stderr ? live : both(live, linesPresenter(told, failureLine));
}

const both = (one: Presenter, other: Presenter): Presenter => ({
  show(event) {
    one.show(event);
    other.show(event);
  },
  async end() {
    await Promise.all([one.end(), other.end()]);
  },
});

/** Failures and warnings are told on stderr wherever the rest goes. */
const failureLine = (event: PipelineEvent): string | undefined =>
  event.event === "failed" || event.event === "warning" ? lineOf(event) : undefined;
