import type { Options as YargsOptions } from "yargs";
import type { ExitStatus, Options } from "./options.ts";

/** A command of the command line: what it is called and takes, and where it is. */
export interface Command {
  /** In yargs' notation, without the program's name. */
  readonly usage: string;
  readonly summary: string;
  /** What the words after the command are. */
  readonly names?: string;
  readonly options?: Readonly<Record<string, YargsOptions>>;
  readonly examples?: readonly (readonly [command: string, meaning: string])[];
  /** Loads the command's module: none is needed for help. */
  readonly load?: () => Promise<(options: Options) => Promise<ExitStatus>>;
  readonly commands?: readonly Command[];
}

const value = { string: true, requiresArg: true } as const;
const sample = { ...value, describe: "a fraction P of them, chosen by chance; all unless given" };
/** Where stages run elsewhere. */
const elsewhere = {
  executor: {
    ...value,
    describe:
      "URL of a Redis whose workers run stages, redis://host:port/db; $MESOFLOW_EXECUTOR for one with a password",
  },
  content: {
    ...value,
    describe:
      "DIR that all of them see, or redis or redis:SIZE, for what they exchange; $MESOFLOW_CONTENT or redis:1GB unless given",
  },
};
const stageNames = "stages by name, by the beginning of their names, or by glob";

export const commands: readonly Command[] = [
  {
    usage: "run [stage..]",
    summary: "Run stages and all they need; what is known already is not run again",
    names: `${stageNames}; all unless given`,
    options: {
      force: {
        boolean: true,
        describe:
          "run the named stages even if their results are known; what needs them runs if these differ",
      },
      "force-dependents": {
        boolean: true,
        describe: "run the named stages and all that needs them, whatever is known",
      },
      "dry-run": { boolean: true, describe: "only tell what would run, and why" },
      "keep-going": { boolean: true, describe: "after a failure, go on with what does not depend on it" },
      watch: {
        boolean: true,
        describe: "run again whenever configuration, recordings or stage code change, until Ctrl-C",
      },
      "max-size": { ...value, describe: "afterwards keep the cache within SIZE, like 2GB" },
      ...elsewhere,
    },
    examples: [
      ["mesoflow run", "the whole pipeline"],
      ["mesoflow run 'ring-trial/*' --set ring.v_c=50", "four ring trials, with slow conduction"],
      ["mesoflow run --set recordings='data/*.mat'", "against recordings of your own"],
      ["mesoflow run tf-fit --force-dependents", "the fits again, and all that rests on them"],
      ["mesoflow run --watch --config run.yaml", "after every edit what it reaches"],
      ["mesoflow run --executor redis://head:6379/0", "by the workers that take jobs from there"],
    ],
    load: async () => (await import("./commands/run.ts")).run,
  },
  {
    usage: "worker",
    summary: "Run stages for others, whose run names the same executor, until Ctrl-C",
    options: elsewhere,
    examples: [
      ["mesoflow worker --executor redis://head:6379/0 --jobs 16", "sixteen at once, on this machine"],
    ],
    load: async () => (await import("./commands/worker.ts")).work,
  },
  {
    usage: "status [stage..]",
    summary: "Tell which stages are up to date and which would run",
    names: `${stageNames}; all unless given`,
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    usage: "why <stage..>",
    summary: "Tell why a stage would run, or what its result was computed from",
    names: stageNames,
    examples: [["mesoflow why residual/baseline/example --set tf.seeds=8", "what this change would reach"]],
    load: async () => (await import("./commands/why.ts")).why,
  },
  {
    usage: "graph [stage..]",
    summary: "Draw the stages with all they need",
    names: `${stageNames}; all unless given`,
    options: {
      format: {
        ...value,
        choices: ["text", "mermaid", "dot", "svg"],
        default: "text",
        describe: "how to draw",
      },
      all: { boolean: true, describe: "draw each of many stages of a kind, not all of them as one" },
      out: { ...value, describe: "FILE to write; standard output unless given" },
    },
    examples: [
      ["mesoflow graph --format svg --out graph.svg", "a picture, coloured by state"],
      ["mesoflow graph --format mermaid", "for a README on GitHub"],
    ],
    load: async () => (await import("./commands/graph.ts")).graph,
  },
  {
    usage: "show <stage..>",
    summary: "Tell what a stage's result holds",
    names: stageNames,
    load: async () => (await import("./commands/show.ts")).show,
  },
  {
    usage: "export <stage..>",
    summary: "Write a stage's result to a file for other programs",
    names: stageNames,
    options: {
      format: {
        ...value,
        choices: ["npz", "csv", "json", "zarr"],
        describe: "what to write; as FILE's name says unless given",
      },
      out: { string: true, requiresArg: true, describe: "FILE to write; the stage's name unless given" },
    },
    examples: [["mesoflow export ring-trial/baseline --out ring.npz", "for numpy.load"]],
    load: async () => (await import("./commands/export.ts")).exportStage,
  },
  {
    usage: "report [stage..]",
    summary: "Tell it all in one page, with figures, numbers beside the notebook's, and a folder of files",
    names: `${stageNames}; all unless given`,
    options: {
      out: { ...value, describe: "DIR to write; report unless given" },
      "keep-going": { boolean: true, describe: "after a failure, go on with what does not depend on it" },
      ...elsewhere,
    },
    examples: [
      ["mesoflow report", "computes what is missing and writes report/report.html"],
      ["mesoflow report --profile notebook", "with the notebook's printed numbers"],
      ["mesoflow report 'ring-trial/*' --out ring", "of the ring's trials and what they rest on"],
    ],
    load: async () => (await import("./commands/report.ts")).report,
  },
  {
    usage: "serve [stage..]",
    summary: "Show the pipeline on a page, with a slider for every parameter, until Ctrl-C",
    names: `${stageNames}; all unless given`,
    options: {
      port: {
        ...value,
        describe: "PORT to listen at, 0 for any; 7044 or, if that is taken, any unless given",
      },
      host: {
        ...value,
        describe: "ADDRESS to listen at; 127.0.0.1, which only this machine reaches, unless given",
      },
      open: { boolean: true, describe: "open the page in the browser" },
      "max-size": {
        ...value,
        describe: "keep the cache within SIZE, like 2GB, whenever a setting has been run",
      },
      ...elsewhere,
    },
    examples: [
      ["mesoflow serve --open", "the page of the whole pipeline"],
      ["mesoflow serve 'ring-trial/*' --profile notebook", "of the ring alone"],
    ],
    load: async () => (await import("./commands/serve.ts")).serve,
  },
  {
    usage: "recording <file..>",
    summary: "Tell what recordings are like, and how they would be used",
    names: "MATLAB, NPZ or CSV files, folders or globs",
    examples: [["mesoflow recording 'data/**' --json", "of all in a folder and the folders in it"]],
    load: async () => (await import("./commands/recording.ts")).recording,
  },
  {
    usage: "parameters",
    summary: "List everything that --set and --config can set, with the values in force",
    load: async () => (await import("./commands/parameters.ts")).parameters,
  },
  {
    usage: "audit [stage..]",
    summary: "Compute known results once more and tell whether the bits are the same",
    names: `${stageNames}; all unless given`,
    options: { sample },
    load: async () => (await import("./commands/audit.ts")).audit,
  },
  {
    usage: "cache",
    summary: "Look into the cache, check it and keep it small",
    commands: [
      {
        usage: "ls",
        summary: "List results, newest first",
        options: {
          stage: { ...value, array: true, describe: `NAME: of ${stageNames}` },
          "older-than": { ...value, describe: "computed longer ago than TIME, like 12h or 30d" },
          "larger-than": { ...value, describe: "that take more than SIZE, like 10MB" },
          run: { ...value, describe: "of the run with this ID, or its beginning; last for the last one" },
        },
        load: async () => (await import("./commands/cache.ts")).list,
      },
      {
        usage: "stats",
        summary: "Tell how much the cache holds",
        load: async () => (await import("./commands/cache.ts")).stats,
      },
      {
        usage: "history [id..]",
        summary: "List all runs, or tell of one, or what changed from one to another",
        names: "runs by id or its beginning; last for the last one",
        load: async () => (await import("./commands/history.ts")).history,
      },
      {
        usage: "diff <id..>",
        summary: "Compare two results, array by array",
        names: "two keys or contents, or their beginnings",
        load: async () => (await import("./commands/diff.ts")).diff,
      },
      {
        usage: "verify",
        summary: "Check all bytes against their hashes; damaged ones are put in quarantine",
        options: { sample },
        load: async () => (await import("./commands/verify.ts")).check,
      },
      {
        usage: "gc",
        summary: "Free what is least worth keeping",
        options: {
          "max-size": { ...value, describe: "until the artifacts take at most SIZE, like 2GB" },
          "max-age": { ...value, describe: "whatever was not used for TIME, like 30d" },
          "keep-runs": { ...value, describe: "keep all results of the last N runs; 10 unless given" },
          "dry-run": { boolean: true, describe: "only tell what would go, and what it cost" },
        },
        load: async () => (await import("./commands/gc.ts")).gc,
      },
      {
        usage: "pin <stage..>",
        summary: "Keep a stage's present result for good",
        names: stageNames,
        load: async () => (await import("./commands/pin.ts")).pin,
      },
      {
        usage: "unpin <stage..>",
        summary: "Let go of what was pinned",
        names: "stages by name",
        load: async () => (await import("./commands/pin.ts")).unpin,
      },
      {
        usage: "clear",
        summary: "Remove everything but what is pinned",
        load: async () => (await import("./commands/clear.ts")).clearAll,
      },
      {
        usage: "compact",
        summary: "Give back to the disk what was freed, while nobody else uses the cache",
        load: async () => (await import("./commands/clear.ts")).compactFile,
      },
    ],
  },
];

/** Options of every command. */
export const common: Readonly<Record<string, YargsOptions>> = {
  config: {
    string: true,
    requiresArg: true,
    group: "Parameters:",
    describe: "FILE to read them from: .json, .yaml, .toml or .ts",
  },
  profile: {
    string: true,
    requiresArg: true,
    group: "Parameters:",
    describe: "NAME of a starting point: default, notebook or paper",
  },
  set: {
    string: true,
    array: true,
    requiresArg: true,
    group: "Parameters:",
    describe: "path=value, as often as need be",
  },
  cache: {
    string: true,
    requiresArg: true,
    describe: "DIR of the cache; $MESOFLOW_CACHE or .mesoflow unless given",
  },
  jobs: {
    string: true,
    requiresArg: true,
    describe: "how many stages may run at once; as many as there are processors unless given",
  },
  json: { boolean: true, describe: "one JSON object a line on stdout, the last one a summary" },
};
