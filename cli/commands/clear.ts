import { clear, compact } from "../../cache/inspect.ts";
import type { ExitStatus, Options } from "../options.ts";
import { counted, size } from "../output/format.ts";
import { print, printJson } from "../output/print.ts";
import { withStore } from "../session/session.ts";

/** `mesoflow cache clear`: what is pinned stays. */
export function clearAll(options: Options): Promise<ExitStatus> {
  return withStore(options, { readOnly: false }, async (open) => {
    const { results, bytes } = await clear(open());
    if (options.json) printJson({ event: "cleared", results, bytes });
    else
      print(`cleared ${counted(results, "result")}, ${size(bytes)}; mesoflow cache compact shrinks the file`);
    return 0;
  });
}

/** `mesoflow cache compact` */
export async function compactFile({ cache, json }: Options): Promise<ExitStatus> {
  const { before, after } = await compact(cache);
  if (json) printJson({ event: "compacted", before, after });
  else print(`${cache}: ${size(before)} → ${size(after)}`);
  return 0;
}
