import { readFileSync } from "node:fs";
import { openStore, type TableStore } from "../cache/index.ts";
import { BadInput } from "../data/bad-input.ts";
import {
  Engine,
  type Fingerprint,
  fingerprintOfText,
  type Node,
  type Plan,
  type Stage,
  type StageNode,
  StoreError,
} from "../pipeline/index.ts";
import type { Configuration } from "../stages/configuration.ts";
import { cortex, stages } from "../stages/cortex.ts";
import { settingsOf } from "./configuration.ts";
import type { ExitStatus, Options } from "./options.ts";
import { recordingsOf } from "./recordings.ts";
import { targetsIn } from "./targets.ts";

/** What a command works on: the pipeline as configured, and the store and engine behind it. */
export interface Session {
  readonly configuration: Configuration;
  readonly store: TableStore;
  readonly engine: Engine;
  /** The stages that patterns name; all for none. */
  targets(patterns: readonly string[]): StageNode[];
  plan(targets: readonly Node[], forced?: ReadonlySet<Node>): Promise<Plan>;
  fingerprint(stage: Stage): Fingerprint;
}

/**
 * Composes what the options ask for, has it used, and closes it whatever happens.
 *
 * @param readOnly nothing is made or written
 * @throws BadInput where options, configuration, recordings or the cache folder cannot be used
 */
export async function withSession(
  options: Options,
  { readOnly }: { readOnly: boolean },
  use: (session: Session) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const { configuration } = await settingsOf(options);
  const graph = cortex(configuration, await recordingsOf(configuration.recordings));
  return withStore(options, { readOnly }, async (open) => {
    let engine: Engine | undefined;
    const fingerprint = fingerprints();
    const session: Session = {
      configuration,
      get store() {
        return open();
      },
      get engine() {
        engine ??= new Engine({ store: open(), stages, fingerprint, jobs: options.jobs });
        return engine;
      },
      targets: (patterns) => targetsIn(graph, patterns),
      fingerprint,
      plan: (targets, forced) => session.engine.plan(targets, forced),
    };
    try {
      return await use(session);
    } finally {
      await engine?.close();
    }
  });
}

/** Has the store used, which opens when it is first asked for, and closes it whatever happens. */
export async function withStore(
  { cache }: Pick<Options, "cache">,
  { readOnly }: { readOnly: boolean },
  use: (open: () => TableStore) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  let store: TableStore | undefined;
  const open = (): TableStore => {
    try {
      store ??= openStore(cache, { readOnly });
      return store;
    } catch (thrown) {
      // A folder that cannot be used is a wrong option; what goes wrong later is not.
      throw thrown instanceof StoreError ? new BadInput(thrown.message) : thrown;
    }
  };
  try {
    return await use(open);
  } finally {
    await store?.close();
  }
}

/** Fingerprints of whole import closures, as the build made them; of `run` alone where it did not. */
function fingerprints(): (stage: Stage) => Fingerprint {
  let built: Readonly<Record<string, Fingerprint>> = {};
  try {
    built = JSON.parse(readFileSync(new URL("../stages/fingerprints.json", import.meta.url), "utf8"));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
  }
  return (stage) => built[stage.id] ?? fingerprintOfText(stage);
}
