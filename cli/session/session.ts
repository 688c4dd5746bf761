import { extname } from "node:path";
import { EMPTY, type Observable, Subject } from "rxjs";
import { type LocalStore, openStore } from "../../cache/index.ts";
import { BadInput, CodeMismatch, isError, StoreError, WorkerModuleError } from "../../pipeline/errors.ts";
import { inProcess, threadExecutor, tieredExecutor } from "../../pipeline/executors.ts";
import {
  Engine,
  type Executor,
  type Fingerprint,
  type Node,
  type Stage,
  type StageNode,
  type Store,
} from "../../pipeline/index.ts";
import type { Plan } from "../../pipeline/inspect.ts";
import type { Configuration } from "../../stages/configuration.ts";
import { type Code, modules } from "../configuration/code.ts";
import { type Settings, settingsOf } from "../configuration/configuration.ts";
import type { ExitStatus, Options } from "../options.ts";
import { sentenceOf } from "../output/remedies.ts";
import {
  type LeftOut,
  type RecordingOnDisk,
  recordingsOf,
  refuseStrangers,
} from "../recordings/recordings.ts";
import { remoteExecutor } from "./cluster.ts";
import { stageFingerprints } from "./stage-fingerprints.ts";
import { targetsIn } from "./targets.ts";

/** The graph of stages in one state of its code, its configuration and its recordings. */
export interface Pipeline extends Settings {
  readonly code: Code;
  readonly recordings: readonly RecordingOnDisk[];
  /** What lies among the recordings and is none. */
  readonly leftOut: readonly LeftOut[];
  readonly graph: readonly StageNode[];
}

/** What a command works on: the pipeline as configured, and the store and engine behind it. */
export interface Session {
  readonly configuration: Configuration;
  /** Where each value that is no default came from, by path. */
  readonly origins: Settings["origins"];
  readonly leftOut: readonly LeftOut[];
  readonly store: LocalStore;
  readonly engine: Engine;
  /** The stages that patterns name; all for none. */
  targets(patterns: readonly string[]): StageNode[];
  plan(targets: readonly Node[], forced?: ReadonlySet<Node>): Promise<Plan>;
  fingerprint(stage: Stage): Fingerprint;
  /** What the user should know of where stages run, in sentences. */
  readonly notices: Observable<string>;
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
  const settings = await settingsOf(options);
  const code: Code = { ...modules, fingerprint: await stageFingerprints(modules.stages) };
  const pipeline = await pipelineOf(settings, code);
  return withStore(options, { readOnly }, async (open) => {
    let engine: Engine | undefined;
    const notices = new Subject<string>();
    const opened = (): Engine => {
      const { fingerprint } = code;
      const { jobs } = options;
      engine ??= new Engine({
        store: open(),
        executor: executorFor(code, open(), options, (sentence) => notices.next(sentence)),
        fingerprint,
        jobs,
      });
      return engine;
    };
    try {
      return await use(sessionOf(pipeline, open, opened, notices));
    } finally {
      await engine?.close();
    }
  });
}

/**
 * The pipeline that settings and code make, with the recordings that there are now.
 *
 * @throws BadInput where configuration or recordings cannot be used
 */
export async function pipelineOf(settings: Settings, code: Code): Promise<Pipeline> {
  const { recordings, leftOut } = await recordingsOf(settings.configuration.recordings);
  refuseStrangers(settings.configuration.inference.durations, recordings);
  return { ...settings, code, recordings, leftOut, graph: code.cortex(settings.configuration, recordings) };
}

/** A pipeline with a store and an engine, each opened when it is first asked for. */
export const sessionOf = (
  { configuration, origins, leftOut, graph, code }: Pipeline,
  store: () => LocalStore,
  engine: () => Engine,
  notices: Observable<string> = EMPTY,
): Session => ({
  notices,
  configuration,
  origins,
  leftOut,
  get store() {
    return store();
  },
  get engine() {
    return engine();
  },
  targets: (patterns) => targetsIn(graph, patterns),
  plan: (targets, forced) => engine().plan(targets, forced),
  fingerprint: (stage) => code.fingerprint(stage),
});

/** The module that threads load. */
export const threadModule = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);

/**
 * Where stages of this code run: one after another in this thread, or in threads as far as these are worth their start;
 * elsewhere, if the options say so. Code that has changed needs another one.
 *
 * @param notice is told, in a sentence, what the user should know of it
 */
export function executorFor(
  { stages }: Code,
  store: Store,
  { cache, jobs, executor, content }: Options,
  notice: (sentence: string) => void,
): Executor {
  if (executor !== undefined) return remoteExecutor(store, { executor, content }, notice);
  const here = inProcess(store, stages, stageFingerprints);
  if (jobs === 1) return here;
  const there = threadExecutor(store, threadModule, { jobs, data: cache });
  return tieredExecutor(store, { short: here, long: orHere(there, here) });
}

/**
 * How long a stage may have taken to be among those that begin at once where somebody looks on, s. Far above what a
 * trial of the ring takes, which counts as it was on a machine that may have been busy.
 */
export const INTERACTIVE_BELOW = 0.5;
/** Threads for these, beside those of `--jobs`. */
const PROMPT_THREADS = 2;

/**
 * The same for a server: nothing runs in its own thread, which answers many and would be held up by each, and what is
 * soon done has threads of its own, so that it need not wait for the end of something long.
 */
export function interactiveExecutorFor(
  { stages }: Code,
  store: Store,
  { cache, jobs, executor, content }: Options,
  notice: (sentence: string) => void,
): Executor {
  const here = inProcess(store, stages, stageFingerprints);
  const there = (count: number) =>
    orHere(threadExecutor(store, threadModule, { jobs: count, data: cache }), here);
  const long = executor === undefined ? there(jobs) : remoteExecutor(store, { executor, content }, notice);
  return tieredExecutor(store, { short: there(PROMPT_THREADS), long, each: 1000 * INTERACTIVE_BELOW });
}

/** Threads load the code that is on disk when they start, which may be newer than the plan: that is loaded here. */
function orHere(there: Executor, here: Executor): Executor {
  return {
    async execute(job, signal, progress) {
      try {
        return await there.execute(job, signal, progress);
      } catch (thrown) {
        const isNewer = isError(thrown, CodeMismatch) || isError(thrown, WorkerModuleError);
        if (signal.aborted || !isNewer) throw thrown;
        return here.execute(job, signal, progress);
      }
    },
    close: () => there.close(),
  };
}

/** Has the store used, which opens when it is first asked for, and closes it whatever happens. */
export async function withStore(
  { cache }: Pick<Options, "cache">,
  { readOnly }: { readOnly: boolean },
  use: (open: () => LocalStore) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  let store: LocalStore | undefined;
  const open = (): LocalStore => {
    try {
      store ??= openStore(cache, { readOnly });
      return store;
    } catch (thrown) {
      // A folder that cannot be used is a wrong option; what goes wrong later is not.
      throw isError(thrown, StoreError) ? new BadInput(sentenceOf(thrown)) : thrown;
    }
  };
  try {
    return await use(open);
  } finally {
    await store?.close();
  }
}
