import { Pins } from "../../cache/inspect.ts";
import { BadInput } from "../../pipeline/errors.ts";
import { listed } from "../configuration/parameter-schema.ts";
import type { ExitStatus, Options } from "../options.ts";
import { print, printJson } from "../output/print.ts";
import { computedOf } from "../session/computed.ts";
import { withSession, withStore } from "../session/session.ts";

/** `mesoflow cache pin <stage>`: keeps its present result whatever is collected. */
export function pin(options: Options): Promise<ExitStatus> {
  return withSession(options, { readOnly: false }, async (session) => {
    const asked = session.targets(options.names);
    const found = await computedOf(session, options);
    const pins = new Pins(session.store.tables);
    for (const { node, result } of found) {
      const { key, content } = result;
      await pins.pin({ name: node.name, key, content, at: new Date().toISOString() });
      if (options.json) printJson({ event: "pinned", stage: node.name, key, content });
      else print(`pinned ${node.name}`);
    }
    return found.length === asked.length ? 0 : 1;
  });
}

/** `mesoflow cache unpin <stage>` */
export function unpin(options: Options): Promise<ExitStatus> {
  return withStore(options, { readOnly: false }, async (open) => {
    const pins = new Pins(open().tables);
    for (const name of options.names) {
      if (!(await pins.unpin(name))) {
        const known = pins.all().map((each) => each.name);
        throw new BadInput(
          `${name} is not pinned${known.length > 0 ? `, but ${listed(known, "and")}` : ""}.`,
        );
      }
      if (options.json) printJson({ event: "unpinned", stage: name });
      else print(`unpinned ${name}`);
    }
    return 0;
  });
}
