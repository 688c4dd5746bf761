import { fileURLToPath } from "node:url";
import { Subject } from "rxjs";
import { BadInput } from "../../pipeline/errors.ts";
import { Engine, type StageNode } from "../../pipeline/index.ts";
import { type PipelineView, type Serving, serve as served, type Workbench } from "../../web/server/index.ts";
import { type Code, modules } from "../configuration/code.ts";
import { sizeGiven } from "../configuration/quantities.ts";
import type { ExitStatus, Options } from "../options.ts";
import { print, printJson, tell } from "../output/print.ts";
import { reasonOf } from "../output/system-error.ts";
import { workbenchOf } from "../serve/workbench.ts";
import { checkElsewhere } from "../session/cluster.ts";
import { interactiveExecutorFor, type Session, withStore } from "../session/session.ts";
import { interruptible } from "../session/signals.ts";
import { stageFingerprints } from "../session/stage-fingerprints.ts";
import { keepWithin } from "./run-steps.ts";

const LOOPBACK = "127.0.0.1";
/** Listened to unless another one is asked for, or it is taken. */
const PORT = 7044;

/** `mesoflow serve [stage…]`: the pipeline on a page, until it is interrupted. */
export async function serve(options: Options): Promise<ExitStatus> {
  await checkElsewhere(options);
  const port = portGiven(options.port);
  if (options.host?.trim() === "") {
    throw new BadInput("--host is empty, but must be an address or name to listen at, like 127.0.0.1.");
  }
  const maxBytes = sizeGiven("max-size", options.maxSize);
  const code: Code = { ...modules, fingerprint: await stageFingerprints(modules.stages) };
  return withStore(options, { readOnly: false }, async (open) => {
    const store = open();
    const notices = new Subject<string>();
    notices.subscribe(tell);
    const executor = interactiveExecutorFor(code, store, options, (sentence) => notices.next(sentence));
    const engine = new Engine({ store, executor, fingerprint: code.fingerprint, jobs: options.jobs });
    try {
      const finish = async (session: Session, targets: readonly StageNode[]): Promise<void> => {
        if (maxBytes !== undefined) await keepWithin(maxBytes, targets, session);
      };
      const workbench = await workbenchOf({ code, store, engine, options, notices, finish });
      const first = await workbench.bench({});
      if ("faults" in first) throw new BadInput(first.faults.join("\n"));
      const serving = await listening(workbench, first, options.host ?? LOOPBACK, port);
      try {
        announce(serving, options);
        if (options.open) await showInBrowser(serving.url);
        await interruptible(serving.failures, () => {});
      } finally {
        await serving.close();
        await workbench.end();
      }
      tell("interrupted; what was finished is kept");
      return 130;
    } finally {
      await engine.close();
    }
  });
}

async function listening(
  workbench: Workbench,
  first: PipelineView,
  host: string,
  port: number | undefined,
): Promise<Serving> {
  const page = fileURLToPath(new URL("../../web/page", import.meta.url));
  try {
    return await served(workbench, first, { host, port: port ?? PORT, page });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === undefined) throw thrown;
    if (code === "EADDRINUSE" && port === undefined) return listening(workbench, first, host, 0);
    if (code === "EADDRINUSE") {
      throw new BadInput(
        `Port ${port} of ${host} is in use: give another with --port, or 0 for any that is free.`,
      );
    }
    throw new BadInput(`Nothing can listen at ${host}, port ${port ?? PORT}: ${reasonOf(thrown)}.`);
  }
}

function announce({ url }: Serving, { host = LOOPBACK, json }: Options): void {
  if (json) printJson({ event: "serving", url });
  else print(`The page is at ${url}\nCtrl-C ends it.`);
  if (host !== LOOPBACK) {
    tell(
      `It listens at ${host}: whoever reaches that and has the link can use it, and what is sent can be read on the way.`,
    );
  }
}

/** Opens a page in the browser, if there is one. */
async function showInBrowser(url: string): Promise<void> {
  const { default: open } = await import("open");
  const apologise = (): void => tell("No browser could be opened: open the link in one yourself.");
  try {
    const browser = await open(url);
    browser.once("error", apologise);
    browser.once("exit", (status) => status && apologise());
  } catch {
    apologise();
  }
}

function portGiven(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new BadInput(
    `--port is ${text}, but must be a whole number from 0 to 65535, 0 for any that is free.`,
  );
}
