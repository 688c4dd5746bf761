import type { PipelineEvent } from "../../pipeline/index.ts";
import { isTerminal } from "../../pipeline/inspect.ts";

/**
 * What in the events of one run breaks the promises of docs/events.md about what comes when; nothing where they are
 * kept.
 *
 * @param inputs by stage, the stages that it needs
 */
export function breachesOf(
  events: readonly PipelineEvent[],
  inputs: Readonly<Record<string, readonly string[]>>,
): string[] {
  const breaches: string[] = [];
  const started = new Set<string>();
  const ended = new Map<string, number>();
  const damaged = new Map<string, number>();
  const [first] = events;
  if (first?.event !== "planned") breaches.push(`begins with ${first?.event}`);
  if (events.at(-1)?.event !== "summary") breaches.push(`ends with ${events.at(-1)?.event}`);
  const planned = first?.event === "planned" ? first.stages : [];
  for (const event of events.slice(1, -1)) {
    if (event.event === "warning") continue;
    if (!("stage" in event)) {
      breaches.push(`${event.event} in between`);
      continue;
    }
    const { stage } = event;
    const isOver = (ended.get(stage) ?? 0) > (damaged.get(stage) ?? 0);
    if (event.event === "damaged") damaged.set(stage, (damaged.get(stage) ?? 0) + 1);
    else if (isOver) breaches.push(`${event.event} ${stage} after its end`);
    if (!planned.includes(stage) && event.event !== "failed") breaches.push(`${stage} is not planned`);
    if (event.event === "started") started.add(stage);
    if ((event.event === "progress" || event.event === "part") && !started.has(stage)) {
      breaches.push(`${event.event} ${stage} before it started`);
    }
    if (event.event === "progress" && !(event.fraction > 0 && event.fraction <= 1 && event.remaining >= 0)) {
      breaches.push(`${stage} is ${event.fraction} done with ${event.remaining} s to go`);
    }
    const isTurn = event.event === "started" || event.event === "waiting" || isTerminal(event);
    const early = isTurn ? (inputs[stage] ?? []).find((input) => !ended.has(input)) : undefined;
    if (early !== undefined) breaches.push(`${event.event} ${stage} before the end of ${early}`);
    if (isTerminal(event)) ended.set(stage, (ended.get(stage) ?? 0) + 1);
  }
  for (const stage of planned) if (!ended.has(stage)) breaches.push(`${stage} has no end`);
  return breaches;
}
