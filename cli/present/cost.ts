import type { Cost } from "../../cache/inspect.ts";
import { listed } from "../configuration/parameter-schema.ts";
import { counted, duration } from "../output/format.ts";

/** "about 3.2 s of computing, going by earlier runs"; nothing where nothing has to run. */
export function costLines({ seconds, unknown }: Cost): string[] {
  const names = unknown.length > 2 ? counted(unknown.length, "stage") : listed(unknown, "and");
  const others = names ? `${names} never run before` : "";
  if (seconds === 0) return others ? [`no telling how long it takes: ${others}`] : [];
  const known = `about ${duration(seconds)} of computing, going by earlier runs`;
  return [others ? `${known}, and ${others}` : known];
}
