import type { Json } from "../../pipeline/artifact/artifact.ts";
import { workerSharesText } from "../../pipeline/jobs/worker-shares.ts";
import type { StageState } from "../protocol.ts";

/** "<0.01 s", "0.04 s", "3.2 s", "42 s", "3 min 05 s" */
export function secondsText(seconds: number): string {
  if (seconds < 0.005) return "<0.01 s";
  if (seconds < 9.95) return `${seconds.toFixed(seconds < 0.995 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** The same where there is little room: "71 s", "3 min". */
const shortSeconds = (seconds: number): string =>
  seconds < 99.5 && seconds >= 9.95
    ? `${Math.round(seconds)} s`
    : secondsText(seconds).replace(/ min.*/, " min");

/** A value as a field shows it: JSON, but text as it is. */
export const valueText = (value: Json): string =>
  value === null ? "" : typeof value === "string" ? value : JSON.stringify(value).replaceAll(",", ", ");

/** How a state is told by a sign and in words, beside its colour, which not everybody sees. */
export const signs: Readonly<Record<StageState["state"], { readonly sign: string; readonly text: string }>> =
  {
    waiting: { sign: "○", text: "waiting" },
    running: { sign: "◐", text: "running" },
    known: { sign: "●", text: "known" },
    finished: { sign: "✓", text: "finished" },
    failed: { sign: "✕", text: "failed" },
    blocked: { sign: "◇", text: "blocked" },
    aborted: { sign: "■", text: "aborted" },
  };

/** What there is to tell of a stage in a few letters: how far it is, how long it took, or its state. */
export function shortText({ state, fraction, seconds }: StageState): string {
  if (state === "running") return fraction === undefined ? "running" : `${Math.floor(100 * fraction)} %`;
  if (state === "finished" && seconds !== undefined) return shortSeconds(seconds);
  return signs[state].text;
}

/** What is said of it: what is seen first, as who speaks to the page expects. */
export function spokenText(stage: StageState): string {
  const [short, long] = [shortText(stage), longText(stage)];
  return long.startsWith(short) ? long : `${short}, ${long}`;
}

/** The same in words: "running, 45 %, 3.2 s left". */
export function longText(stage: StageState): string {
  const { state, fraction, remaining, seconds, done, total, by, failure, blockedBy } = stage;
  return [
    signs[state].text,
    ...(state === "running" && fraction !== undefined ? [`${Math.floor(100 * fraction)} %`] : []),
    ...(state === "running" && done !== undefined ? [`${done} of ${total} points`] : []),
    ...(state === "running" && remaining !== undefined ? [`${secondsText(remaining)} left`] : []),
    ...(state === "finished" && seconds !== undefined ? [`took ${secondsText(seconds)}`] : []),
    ...(by ? [workerSharesText(by)] : []),
    ...(blockedBy ? [`by ${blockedBy.join(", ")}`] : []),
    ...(failure === undefined ? [] : [failure]),
  ].join(", ");
}
