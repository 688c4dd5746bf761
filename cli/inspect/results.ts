import { provenance } from "../../data/notebook.ts";
import type { Artifact } from "../../pipeline/index.ts";
import type { Configuration } from "../../stages/configuration.ts";
import type { Row } from "../../stages/quantities.ts";
import { entries, entryOf } from "../../stages/registry.ts";

export type { Row } from "../../stages/quantities.ts";

/** Whether a stage's artifact gives rows. */
export const hasResults = (stage: string): boolean => entryOf(stage)?.quantities !== undefined;

/**
 * The results that stages' artifacts hold, by stage name, beside the notebook's own numbers. Those belong to
 * its cells and network; with others there is nothing to compare with.
 */
export function resultRows(
  artifacts: ReadonlyMap<string, Artifact>,
  { network, cells }: Pick<Configuration, "network" | "cells">,
): Row[] {
  const isItsModel = network === provenance.network && cells.exc === "RS-cell" && cells.inh === "FS-cell";
  // Stages that share their quantities are told together.
  const kinds = new Set(entries.flatMap(({ quantities }) => quantities ?? []));
  return [...kinds]
    .flatMap((quantities) => {
      const own = [...artifacts].filter(([stage]) => entryOf(stage)?.quantities === quantities);
      return quantities(new Map(own.map(([stage, artifact]) => [memberOf(stage), artifact])));
    })
    .map(({ notebook, ...rest }) => (isItsModel ? { ...rest, notebook } : rest));
}

/** What follows a name's first slash. */
const memberOf = (stage: string): string => stage.slice(stage.indexOf("/") + 1);
