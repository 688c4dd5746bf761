import { diffArtifacts } from "../../cache/index.ts";
import { isEqual } from "../../cache/inspect.ts";
import { BadInput } from "../../pipeline/errors.ts";
import { contentNamed } from "../inspect/hashes.ts";
import type { ExitStatus, Options } from "../options.ts";
import { print, printJson } from "../output/print.ts";
import { table } from "../output/table.ts";
import { arrayText, changeText } from "../present/differences.ts";
import { withStore } from "../session/session.ts";

/** `mesoflow cache diff <key> <key>` */
export function diff(options: Options): Promise<ExitStatus> {
  const [first, second, ...more] = options.names;
  if (first === undefined || second === undefined || more.length > 0) {
    throw new BadInput(`${options.names.length} results are named: name two to compare.`);
  }
  return withStore(options, { readOnly: true }, async (open) => {
    const store = open();
    const [from, to] = [contentNamed(first, store), contentNamed(second, store)];
    const difference = diffArtifacts(await store.load(from), await store.load(to));
    const equal = isEqual(difference);
    if (options.json) printJson({ event: "difference", from, to, equal, ...difference });
    else {
      const rows = [
        ...Object.entries(difference.arrays).map(([name, each]) => [name, arrayText(each)]),
        ...difference.values.map((change) => [change.path, changeText(change)]),
      ];
      print(rows.length > 0 ? table(["array or value", "difference"], rows) : "equal");
    }
    return 0;
  });
}
