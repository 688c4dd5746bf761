#!/usr/bin/env node
import yargs, { type Argv } from "yargs";
import { hideBin } from "yargs/helpers";
import { BadInput, isError, StoreError } from "../pipeline/errors.ts";
import { type Command, commands, common } from "./commands.ts";
import { type ExitStatus, optionsOf } from "./options.ts";
import { tell } from "./output/print.ts";
import { sentenceOf } from "./output/remedies.ts";
import { usageError, wrongFlag } from "./usage.ts";
import { version } from "./version.ts";

const words = hideBin(process.argv);

/** Whether a command was found and called. */
let isBegun = false;
let isUnwritable = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Who reads the output has had enough, as `head` has.
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    if (isUnwritable) return; // it is told once
    isUnwritable = true;
    process.once("exit", () => {
      process.exitCode ||= 1; // whatever else was done
    });
    if (stream === process.stdout) tell(`The output cannot be written: ${error.message}.`);
  });
}

/** A wrong command line, as yargs found it. */
class UsageError extends Error {}

function register(parser: Argv, command: Command): Argv {
  return parser.command(
    command.usage,
    command.summary,
    (own) => {
      for (const [name, option] of Object.entries(command.options ?? {})) {
        own.option(name, { group: "Of this command:", ...option });
      }
      const positional = /[[<](\w+)/.exec(command.usage)?.[1];
      if (positional) {
        own.positional(positional, { type: "string", array: true, describe: command.names ?? "" });
      }
      for (const [example, meaning] of command.examples ?? []) own.example(example, meaning);
      for (const inner of command.commands ?? []) register(own, inner);
      return command.commands ? own.demandCommand(1, `Name what to do with the ${command.usage}.`) : own;
    },
    async (argv) => {
      isBegun ||= command.load !== undefined;
      if (command.load) process.exitCode = await (await command.load())(optionsOf(argv));
    },
  );
}

const parser = yargs(words)
  .scriptName("mesoflow")
  .locale("en")
  .usage("$0 <command>\n\nMean-field models of cortex against recordings, as a graph of cached stages.")
  .parserConfiguration({
    "boolean-negation": false,
    "camel-case-expansion": false,
    "dot-notation": false,
    "greedy-arrays": false,
    "parse-positional-numbers": false,
    "populate--": true,
  })
  .options(common)
  .example("mesoflow run", "run the whole pipeline")
  .example("mesoflow run --profile notebook", "with the coefficients that the notebook prints")
  .example("mesoflow why ring-trial/baseline", "why it would run")
  .epilogue("mesoflow parameters lists what --set and --config can set.\nStage names: mesoflow status.")
  .demandCommand(1, "Name a command.")
  .strict()
  .version(version())
  .alias("help", "h")
  .fail((message, error) => {
    throw message ? new UsageError(message) : error;
  })
  .exitProcess(false)
  .wrap(Math.min(process.stdout.columns || 100, 110));
for (const command of commands) register(parser, command);
parser.completion("completion", "Print a script that completes commands and options in bash or zsh");

try {
  const wrong = wrongFlag(words, commands);
  if (wrong !== undefined) throw new BadInput(wrong);
  const argv = await parser.parseAsync();
  // What follows -- is no command to yargs, which is content with it all the same.
  const end = words.indexOf("--");
  if (end >= 0 && !isBegun && !argv.help && !argv.version) {
    const [command] = argv._;
    const lacking = command === undefined ? "Name a command." : `Name what to do with the ${command}.`;
    throw new BadInput(usageError(lacking, words.slice(0, end), commands));
  }
} catch (thrown) {
  process.exitCode = told(thrown);
}

/** Tells what was thrown, in one sentence if the user can do something about it. */
function told(thrown: unknown): ExitStatus {
  if (thrown instanceof UsageError) {
    if (words.length === 0) parser.showHelp("error");
    else tell(usageError(thrown.message, words, commands));
    return 2;
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const isMistake = isError(error, BadInput);
  tell(isMistake || isError(error, StoreError) ? sentenceOf(error) : `mesoflow has a defect: ${error.stack}`);
  return isMistake ? 2 : 1;
}
