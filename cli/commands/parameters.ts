import { configurationSchema } from "../../stages/configuration.ts";
import { settingsOf } from "../configuration/configuration.ts";
import { parametersOf, requirementOf, valueAt } from "../configuration/parameter-schema.ts";
import type { ExitStatus, Options } from "../options.ts";
import { valueText } from "../output/format.ts";
import { print, printJson } from "../output/print.ts";
import { table } from "../output/table.ts";

/** `mesoflow parameters`: everything that can be set, and the values in force. */
export async function parameters(options: Options): Promise<ExitStatus> {
  const { configuration, origins } = await settingsOf(options);
  const known = [...parametersOf(configurationSchema).values()];
  if (options.json) {
    const all = known.map((parameter) => {
      const { path, unit, description, type, default: usual = null } = parameter;
      const value = valueAt(configuration, path) ?? null;
      const origin = origins.get(path) ?? "default";
      return [
        path,
        { value, unit, default: usual, type, allowed: requirementOf(parameter), origin, description },
      ];
    });
    printJson({ event: "parameters", parameters: Object.fromEntries(all) });
    return 0;
  }
  const lines = known.map(({ path, unit, description, choices }) => {
    const value = valueAt(configuration, path);
    const text = value === undefined ? "–" : valueText(value);
    const origin = origins.get(path);
    const given = origin === undefined ? text : `${text} (${origin})`;
    return [path, given, unit, choices.length > 0 ? `${description} (${choices.join(", ")})` : description];
  });
  print(table(["path", "value", "unit", "meaning"], lines));
  return 0;
}
