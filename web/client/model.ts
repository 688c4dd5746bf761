import type { Json } from "../../pipeline/artifact/artifact.ts";
import {
  type GraphInfo,
  type PipelineInfo,
  type Setting,
  type Side,
  type SideState,
  sides,
} from "../protocol.ts";
import * as api from "./api.ts";
import type * as Drawing from "./drawing.ts";
import { type PageState, reduced } from "./page-state.ts";
import { fragmentOf, type Link, linkOf } from "./url-state.ts";

/** How the page stands with its server. */
export type Connection = "connecting" | "connected" | "away" | "refused";

/** Everything that views show. They read it and call `changed` never. */
export interface Model {
  connection: Connection;
  pipeline: PipelineInfo | undefined;
  state: PageState | undefined;
  graphs: Partial<Record<Side, GraphInfo>>;
  /** What was asked for and is not yet in force, or cannot be. */
  asked: Partial<Record<Side, Setting>>;
  /** What is wrong with what was asked for, in sentences. */
  faults: Partial<Record<Side, readonly string[]>>;
  /** The side that fields and sliders change. */
  edited: Side;
  /** The stage that is looked at closely. */
  shown: string | undefined;
  /** The array of that stage that is drawn. */
  array: string | undefined;
  search: string;
  /** Whether parameters are put away where they stand above what follows from them, on narrow pages. */
  isFolded: boolean;
  /** What draws, once it is loaded. */
  drawing: typeof Drawing | undefined;
  /** Whether the link was copied a moment ago. */
  isCopied: boolean;
  /** What is to be told to who cannot see the page; empty once it is said. */
  said: string;
}

export const model: Model = {
  connection: "connecting",
  pipeline: undefined,
  state: undefined,
  graphs: {},
  asked: {},
  faults: {},
  edited: "a",
  shown: undefined,
  array: undefined,
  search: "",
  isFolded: false,
  drawing: undefined,
  isCopied: false,
  said: "",
};

const listeners = new Set<() => void>();

/** Calls back after every change, until the returned function is called. */
export function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Changes the model and tells everybody. */
export function update(change: Partial<Model>): void {
  Object.assign(model, change);
  for (const listener of listeners) listener();
}

export const sideState = (side: Side): SideState | undefined => model.state?.sides[side];

/** The sides that there are. */
export const sidesNow = (): Side[] => (model.state?.sides.b ? ["a", "b"] : ["a"]);

/** The setting that fields show: what was asked for last. */
export const settingOf = (side: Side): Setting => model.asked[side] ?? sideState(side)?.setting ?? {};

/** The value that a field shows. */
export const valueAt = (side: Side, path: string): Json => {
  const setting = settingOf(side);
  return Object.hasOwn(setting, path) ? setting[path]! : baseOf(path);
};

export const baseOf = (path: string): Json =>
  model.pipeline?.parameters.find((parameter) => parameter.path === path)?.base ?? null;

/** A setting with another value at a path; what is as it was at the start is left out. */
export function withValue(setting: Setting, path: string, value: Json): Setting {
  const { [path]: _, ...others } = setting;
  return isSame(value, baseOf(path)) ? others : { ...others, [path]: value };
}

export const isSame = (one: Json, other: Json): boolean => JSON.stringify(one) === JSON.stringify(other);

const areEqual = (one: Setting, other: Setting): boolean =>
  fragmentOf({ a: one }) === fragmentOf({ a: other });

/**
 * Asks for a setting. Of what is asked for while the server has not answered only the last is sent.
 *
 * @param as a `move` is on the way to where the user lets go, which is a `step` to go back to; what the address holds
 *   already is a `link`
 */
export function ask(side: Side, setting: Setting, as: "move" | "step" | "link"): void {
  update({ asked: { ...model.asked, [side]: setting } });
  wanted[side] = setting;
  isStep[side] ||= as === "step";
  if (as === "move") held.add(side);
  else held.delete(side);
  if (!inFlight[side]) void send(side);
}

const wanted: Partial<Record<Side, Setting>> = {};
const inFlight: Partial<Record<Side, boolean>> = {};
const isStep: Partial<Record<Side, boolean>> = {};
/** Sides on which something is moved: the address stays what to go back to until it is let go. */
const held = new Set<Side>();
/** What the server has taken on last, and the revision from which on it is in force. */
const taken: Partial<Record<Side, { readonly setting: Setting; readonly revision: number }>> = {};

async function send(side: Side): Promise<void> {
  inFlight[side] = true;
  try {
    for (let setting = wanted[side]; setting; setting = wanted[side]) {
      delete wanted[side];
      const known = taken[side]?.setting ?? sideState(side)?.setting;
      let faults: readonly string[] = [];
      // Letting go of a slider asks for what its last move has asked for.
      if (known && areEqual(known, setting)) taken[side] = { setting, revision: taken[side]?.revision ?? 0 };
      else {
        const answer = await api.putSetting(side, setting);
        if ("faults" in answer) faults = answer.faults;
        else taken[side] = { setting, revision: answer.revision };
      }
      update({ faults: { ...model.faults, [side]: faults } });
      if (faults.length > 0) continue;
      if (wanted[side]) continue;
      if (isStep[side]) remember("step");
      isStep[side] = false;
      settle(side);
    }
  } catch (reason) {
    delete wanted[side]; // what was asked for is asked for again with the next connection
    if (api.isRefusal(reason)) {
      update({ faults: { ...model.faults, [side]: [reason.message] } });
      if (reason.status === 401) update({ connection: "refused" });
    }
  } finally {
    inFlight[side] = false;
  }
}

/** Asks again for what a server has not heard, because it was away. */
function resend(): void {
  for (const side of sides) {
    if (inFlight[side] || !model.asked[side] || taken[side]?.setting === model.asked[side]) continue;
    wanted[side] = model.asked[side];
    void send(side);
  }
}

/** Lets go of what was asked for once it is in force. */
function settle(side: Side): void {
  const now = sideState(side);
  const { setting, revision = Number.POSITIVE_INFINITY } = taken[side] ?? {};
  if (!now || setting !== model.asked[side] || now.revision < revision) return;
  const { [side]: _, ...asked } = model.asked;
  delete taken[side];
  update({ asked });
}

/** Begins side b as side a is. */
export function beginComparison(): void {
  ask("b", settingOf("a"), "step");
  update({ edited: "b" });
}

/** Whether what is followed next is a step to go back to. */
let isStepNext = false;

/** @param as a `step` unless an address that holds no side b asks for it */
export async function endComparison(as: "step" | "link" = "step"): Promise<void> {
  isStepNext = as === "step";
  update({ edited: "a", asked: model.asked.a ? { a: model.asked.a } : {} });
  await api.endSideB().catch(() => {});
}

export function show(stage: string | undefined): void {
  update({ shown: stage, array: undefined });
  remember("same");
}

/** The link to what the page shows. */
export const linkNow = (): Link => ({
  a: settingOf("a"),
  ...((model.state?.sides.b || model.asked.b) && { b: settingOf("b") }),
  ...(model.shown !== undefined && { shown: model.shown }),
});

/** Puts the link into the address: as a step to go back to, or in place of what was there. */
function remember(as: "step" | "same"): void {
  const fragment = fragmentOf(linkNow());
  if (fragment === fragmentOf(linkOf(location.hash))) return;
  const address = fragment === "" ? location.pathname : `#${fragment}`;
  if (as === "step") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}

/** Has the address follow what is in force, which another page may have asked for. */
function followed(): void {
  // What was moved and moved back is let go without a word.
  if (fragmentOf(linkNow()) === fragmentOf(linkOf(location.hash))) held.clear();
  else if (held.size === 0) {
    remember(isStepNext ? "step" : "same");
    isStepNext = false;
  }
}

/** Asks for what a link holds. */
async function open({ a, b, shown }: Link): Promise<void> {
  update({ shown });
  const now = model.state!.sides;
  if (!areEqual(a, settingOf("a"))) ask("a", a, "link");
  if (b && !(now.b && areEqual(b, settingOf("b")))) ask("b", b, "link");
  if (!b && now.b) await endComparison("link");
}

/** Connects, restores what the address holds, and follows the server from then on. */
export function begin(): void {
  const atStart = linkOf(location.hash);
  const isGiven = location.hash.length > 1;
  let isFirst = true;
  addEventListener("popstate", () => {
    if (model.state) void open(linkOf(location.hash));
  });

  api.listen({
    connected(isConnected) {
      if (isConnected) {
        update({ connection: "connected" });
        if (model.state) resend();
      } else if (model.connection !== "refused") void findOut();
      if (isConnected && !model.pipeline) void learn();
    },
    message(message) {
      const before = sideState("a");
      update({ state: reduced(model.state, message, Date.now()) });
      if (message.kind === "snapshot" || message.event.event === "planned") {
        for (const side of sidesNow()) void followGraph(side);
      }
      if (!model.state?.sides.b && model.edited === "b" && !model.asked.b) update({ edited: "a" });
      for (const side of sidesNow()) settle(side);
      if (isFirst || isNew(before, sideState("a"))) {
        // A new server knows nothing of what was asked for; what its page was about to change stays so.
        if (!isFirst) for (const side of sides) delete taken[side];
        if (!isFirst || isGiven)
          void open({ ...(isFirst ? atStart : linkOf(location.hash)), ...model.asked });
        isFirst = false;
        resend();
      } else if (Object.keys(model.asked).length === 0) followed();
    },
  });
}

/** Whether a side is of a server that knows nothing of what was before: it counts revisions anew. */
function isNew(before: SideState | undefined, now: SideState | undefined): boolean {
  if (!before || !now || now.revision > before.revision) return false;
  return now.revision < before.revision || !areEqual(before.setting, now.setting);
}

async function learn(): Promise<void> {
  try {
    update({ pipeline: await api.pipelineInfo() });
  } catch {
    // Whoever listens is told that the server is away.
  }
}

/** Whether the server is away, or does not know this browser. */
async function findOut(): Promise<void> {
  try {
    await api.pipelineInfo();
    update({ connection: "away" });
  } catch (reason) {
    const isStranger = api.isRefusal(reason) && (reason.status === 401 || reason.status === 403);
    update({ connection: isStranger ? "refused" : "away" });
  }
}

/** The graph of a side, when its stages are others than before. */
async function followGraph(side: Side): Promise<void> {
  const stages = Object.keys(sideState(side)?.stages ?? {}).join("\n");
  const known = model.graphs[side]?.stages.map(({ name }) => name).join("\n");
  if (stages === known) return;
  try {
    update({ graphs: { ...model.graphs, [side]: await api.graphInfo(side) } });
  } catch {
    // It is asked for again with the next snapshot.
  }
}
