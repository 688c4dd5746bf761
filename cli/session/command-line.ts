import { defaultCache, type Options } from "../options.ts";

/** The command line that has these words, and the parameters and the cache of these options. */
export function commandLine(words: readonly string[], { config, profile, set, cache }: Options): string {
  const given = [
    ...(config === undefined ? [] : ["--config", config]),
    ...(profile === undefined ? [] : ["--profile", profile]),
    ...set.flatMap((each) => ["--set", each]),
    ...(cache === defaultCache() ? [] : ["--cache", cache]),
  ];
  return ["mesoflow", ...words, ...given].map(quoted).join(" ");
}

const quoted = (word: string): string =>
  /^[\w./=:,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
