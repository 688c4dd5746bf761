import { model, sideState, sidesNow } from "./model.ts";

/** What who cannot see the page is told now: the end of a run, and trouble. */
export function sentence(): string {
  if (model.connection === "away") return "The server does not answer.";
  if (model.connection === "refused") return "The server does not know this browser.";
  return sidesNow()
    .map((side) => {
      const state = sideState(side);
      if (!state) return "";
      const stages = Object.entries(state.stages);
      const failed = stages.filter(([, { state: its }]) => its === "failed").map(([name]) => name);
      const prefix = sidesNow().length > 1 ? `Setting ${side.toUpperCase()}: ` : "";
      if (failed.length > 0) return `${prefix}${failed.join(", ")} failed.`;
      if (state.isRunning) return "";
      const ran = stages.filter(([, { state: its }]) => its === "finished").length;
      return `${prefix}All ${stages.length} stages are up to date; ${ran} ran.`;
    })
    .filter(Boolean)
    .join(" ");
}
