import { availableParallelism } from "node:os";
import { BadInput } from "../data/bad-input.ts";

/** What every command is told. */
export interface Options {
  readonly config: string | undefined;
  readonly profile: string | undefined;
  readonly set: readonly string[];
  readonly cache: string;
  readonly jobs: number;
  readonly json: boolean;
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
    config: once(argv, "config"),
    profile: once(argv, "profile"),
    set: all(argv.set),
    cache: once(argv, "cache") || defaultCache(),
    jobs: jobsOf(once(argv, "jobs")),
    json: flag(argv.json),
    names: [...all(argv.stage), ...all(argv.file), ...all(argv.id), ...all(argv["--"])],
    force: flag(argv.force),
    forceDependents: flag(argv["force-dependents"]),
    dryRun: flag(argv["dry-run"]),
    keepGoing: flag(argv["keep-going"]),
    all: flag(argv.all),
    watch: flag(argv.watch),
    format: once(argv, "format"),
    out: once(argv, "out"),
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

const all = (given: unknown): string[] => (given === undefined ? [] : [given].flat().map(String));

const flag = (given: unknown): boolean => [given].flat().includes(true);

function once(argv: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const given = all(argv[name]);
  if (given.length > 1) throw new BadInput(`--${name} is given ${given.length} times: give it once.`);
  return given[0];
}

/** LMDB lets about a hundred threads read a cache at a time, in all processes together. */
const MOST_JOBS = 64;

function jobsOf(text: string | undefined): number {
  const processors = availableParallelism();
  if (text === undefined) return Math.min(processors, MOST_JOBS);
  if (/^[1-9]\d*$/.test(text)) {
    if (Number(text) <= MOST_JOBS) return Number(text);
    throw new BadInput(
      `--jobs is ${text}, but at most ${MOST_JOBS} stages can run at once; this machine has ${processors} processors, more jobs than that make nothing faster.`,
    );
  }
  throw new BadInput(
    `--jobs is ${text}, but must be a whole number from 1 on: how many stages may run at once.`,
  );
}
