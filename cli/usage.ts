import { type Command, common } from "./commands.ts";
import { nearest } from "./configuration/nearest.ts";
import { listed } from "./configuration/parameter-schema.ts";

/** What is wrong with a command line, as one sentence, from what yargs says of it. */
export function usageError(message: string, words: readonly string[], commands: readonly Command[]): string {
  const path = commandsIn(words, commands);
  const name = ["mesoflow", ...path.map(nameOf)].join(" ");
  const command = path.at(-1);
  const help = `see ${name} --help`;
  const meant = (near: string | undefined) =>
    near === undefined ? ` (${help}).` : `: did you mean ${near} (${help})?`;

  const unknown = /^Unknown arguments?: (.*?)(?:, |$)/.exec(message)?.[1];
  if (unknown !== undefined) {
    const option = words
      .map((word) => word.split("=", 1)[0]!)
      .find((word) => word.replace(/^--?/, "") === unknown);
    if (option?.startsWith("-")) {
      return `Unknown option ${option}${meant(nearestOption(unknown, command))}`;
    }
    const among = command ? (command.commands ?? []) : commands;
    if (among.length === 0) return `${name} takes no ${unknown} (${help}).`;
    return `Unknown command ${unknown}${meant(nearest(unknown, among.map(nameOf)))}`;
  }
  const lacking = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (lacking !== undefined) return `--${lacking} needs a value (${help}).`;
  if (message.startsWith("Not enough non-option arguments") && command) {
    return `${name} needs ${command.names} (${help}).`;
  }
  const [, wrong, given, choices] = /Argument: (.*), Given: (.*), Choices: (.*)/.exec(message) ?? [];
  if (choices !== undefined) {
    const allowed = choices.split(", ").map((choice) => choice.replaceAll('"', ""));
    return `--${wrong} is ${given}, but must be ${listed(allowed, "or")} (${help}).`;
  }
  return `${message.trim().replaceAll(/\s+/g, " ").replace(/\.$/, "")} (${help}).`;
}

/**
 * The first option that takes no value and is given one other than true or false, as a sentence: yargs takes any such
 * value for false, and what was asked to be tried out would be done.
 */
export function wrongFlag(words: readonly string[], commands: readonly Command[]): string | undefined {
  const end = words.indexOf("--");
  const given = end < 0 ? words : words.slice(0, end);
  const path = commandsIn(given, commands);
  const options = { ...common, ...path.at(-1)?.options };
  for (const word of given) {
    const [, name = "", value] = /^--([\w-]+)=(.*)$/s.exec(word) ?? [];
    const isFlag = options[name]?.boolean || ["help", "version"].includes(name);
    if (!isFlag || value === "true" || value === "false") continue;
    const help = ["mesoflow", ...path.map(nameOf), "--help"].join(" ");
    return `--${name} is ${value || '""'}, but takes no value: give --${name}, or leave it out (see ${help}).`;
  }
  return undefined;
}

/** The command that a command line begins with and, where that has any, its subcommand. */
function commandsIn(words: readonly string[], commands: readonly Command[]): Command[] {
  const named = (word: string) => commands.find((each) => nameOf(each) === word);
  const command = words.map(named).find((each) => each !== undefined);
  return command ? [command, ...commandsIn(words, command.commands ?? [])] : [];
}

function nearestOption(unknown: string, command: Command | undefined): string | undefined {
  // Parameters have dots in their paths, options do not.
  if (unknown.includes(".")) return `--set ${unknown}=…`;
  const names = [...Object.keys({ ...common, ...command?.options }), "help", "version"];
  const meant = nearest(unknown, names);
  return meant && `--${meant}`;
}

export const nameOf = ({ usage }: Command): string => usage.split(" ", 1)[0]!;
