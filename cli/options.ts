import { availableParallelism } from "node:os";
import { BadInput } from "../pipeline/errors.ts";

/** What every command is told. */
export interface Options {
  readonly config: string | undefined;
  readonly profile: string | undefined;
  readonly set: readonly string[];
  readonly cache: string;
  readonly jobs: number;
  readonly json: boolean;
  /** URL of a Redis whose workers run stages, which may hold a password; this process unless given. */
  readonly executor: string | undefined;
  /** Where these find inputs and leave results: "redis", "redis:SIZE" or a folder. */
  readonly content: string;
  /** The stages or files named. */
  readonly names: readonly string[];
  /** Options of single commands, as they were given. */
  readonly force: boolean;
  readonly forceDependents: boolean;
  readonly dryRun: boolean;
  readonly keepGoing: boolean;
  readonly all: boolean;
  readonly watch: boolean;
  readonly format: string | undefined;
  readonly out: string | undefined;
  readonly sample: string | undefined;
  readonly maxSize: string | undefined;
  readonly maxAge: string | undefined;
  readonly keepRuns: string | undefined;
  readonly olderThan: string | undefined;
  readonly largerThan: string | undefined;
  readonly run: string | undefined;
  readonly port: string | undefined;
  readonly host: string | undefined;
  readonly open: boolean;
}

/** 0 done, 1 a stage failed, 2 wrong usage, configuration or input, 130 interrupted. */
export type ExitStatus = 0 | 1 | 2 | 130;

/**
 * The options from what yargs made of the command line.
 *
 * @throws BadInput
 */
export function optionsOf(argv: Readonly<Record<string, unknown>>): Options {
  return {
    config: filled(argv, "config"),
    profile: filled(argv, "profile"),
    set: all(argv.set),
    cache: filled(argv, "cache") || defaultCache(),
    jobs: jobsOf(once(argv, "jobs"), executorIn(argv) !== undefined && !isWorker(argv)),
    executor: executorIn(argv),
    content: contentIn(argv) || process.env.MESOFLOW_CONTENT || "redis",
    json: flag(argv.json),
    names: [...all(argv.stage), ...all(argv.file), ...all(argv.id), ...all(argv["--"])],
    force: flag(argv.force),
    forceDependents: flag(argv["force-dependents"]),
    dryRun: flag(argv["dry-run"]),
    keepGoing: flag(argv["keep-going"]),
    all: flag(argv.all),
    watch: flag(argv.watch),
    format: once(argv, "format"),
    out: filled(argv, "out"),
    sample: once(argv, "sample"),
    maxSize: once(argv, "max-size"),
    maxAge: once(argv, "max-age"),
    keepRuns: once(argv, "keep-runs"),
    olderThan: once(argv, "older-than"),
    largerThan: once(argv, "larger-than"),
    run: once(argv, "run"),
    port: once(argv, "port"),
    host: once(argv, "host"),
    open: flag(argv.open),
  };
}

/** Where the cache is unless --cache says so. */
export const defaultCache = (): string => process.env.MESOFLOW_CACHE || ".mesoflow";

/** Of the command line or, for URLs with a password, of the environment: anyone can see the former. */
const executorIn = (argv: Readonly<Record<string, unknown>>): string | undefined =>
  filled(argv, "executor") || process.env.MESOFLOW_EXECUTOR || undefined;

/** Of the environment it may be meant for other commands. */
function contentIn(argv: Readonly<Record<string, unknown>>): string | undefined {
  const given = filled(argv, "content");
  // A worker says itself what it lacks.
  if (given === undefined || executorIn(argv) !== undefined || isWorker(argv)) return given;
  throw new BadInput(
    `--content ${given} is for stages that run elsewhere: give --executor redis://host:port/db with it, or leave it out.`,
  );
}

const isWorker = (argv: Readonly<Record<string, unknown>>): boolean => all(argv._)[0] === "worker";

const all = (given: unknown): string[] => (given === undefined ? [] : [given].flat().map(String));

const flag = (given: unknown): boolean => [given].flat().includes(true);

function once(argv: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const given = all(argv[name]);
  if (given.length > 1) throw new BadInput(`--${name} is given ${given.length} times: give it once.`);
  return given[0];
}

/** The same of an option that, as from a variable of a shell that is not set, would be as if it was not given. */
function filled(argv: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const given = once(argv, name);
  if (given?.trim() === "") throw new BadInput(`--${name} is empty: give it a value, or leave it out.`);
  return given;
}

/** LMDB lets about a hundred threads read a cache at a time, in all processes together. */
const MOST_JOBS = 64;
/** How many jobs wait on a queue or run elsewhere, and how many may. */
const [REMOTE_JOBS, MOST_REMOTE_JOBS] = [256, 10_000];

function jobsOf(text: string | undefined, isRemote: boolean): number {
  const processors = availableParallelism();
  const most = isRemote ? MOST_REMOTE_JOBS : MOST_JOBS;
  if (text === undefined) return isRemote ? REMOTE_JOBS : Math.min(processors, MOST_JOBS);
  if (/^[1-9]\d*$/.test(text)) {
    if (Number(text) <= most) return Number(text);
    throw new BadInput(
      isRemote
        ? `--jobs is ${text}, but at most ${most} stages can be on their way to workers at once.`
        : `--jobs is ${text}, but at most ${most} stages can run at once; this machine has ${processors} processors, more jobs than that make nothing faster.`,
    );
  }
  throw new BadInput(
    `--jobs is ${text}, but must be a whole number from 1 on: how many stages may run at once.`,
  );
}
