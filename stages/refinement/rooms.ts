import {
  type Box,
  type DescentOptions,
  descend,
  inside,
  lowestFirst,
  type Point,
} from "../numerics/descent.ts";
import type { Reaches, WholeReaches } from "./landscape.ts";
import type { Simulations } from "./simulations.ts";

/** A part of the box in which connections reach so far, and the lowest point found there with delays and peak relaxed. */
export interface Room {
  readonly reaches: Reaches;
  readonly box: Box;
  readonly point: Point;
}

/** How far descents go that tell which rooms are low. */
const probe = { tolerance: 3e-2, evaluations: 30, width: 1e-3 };
/** So many rooms that are hardly higher than the lowest count as well. */
const most = 3;
const hardly = 1.05;
/** From a bottom where reaches fade into a room where they are whole: at once, or following the bottom by steps. */
const atOnce = [1];
const bySteps = [0.33, 0.67, 1];
/** Steps are tried where no room is nearly as low as the bottom. */
const nearly = 1.5;

/** The rooms around a bottom of the relaxed landscape that are lowest, the lowest first. */
export async function roomsAround(simulations: Simulations, bottom: Point): Promise<Room[]> {
  const rooms = await exploredFrom(simulations, bottom, atOnce);
  const isLow = rooms.length > 0 && rooms[0]!.point.value < nearly * bottom.value;
  const all = isLow ? rooms : lowest([...rooms, ...(await exploredFrom(simulations, bottom, bySteps))]);
  const seen = new Set<string>();
  return all
    .filter(({ reaches, point }) => {
      const isNew = !seen.has(reaches.join());
      seen.add(reaches.join());
      return isNew && point.value < hardly * all[0]!.point.value;
    })
    .slice(0, most);
}

/** The rooms beside the one that a bottom lies in, and beside the lowest of these, until that has none lower beside it. */
async function exploredFrom(
  simulations: Simulations,
  bottom: Point,
  shares: readonly number[],
): Promise<Room[]> {
  const explored = new Map<string, Room | undefined>();
  let rooms: Room[] = [];
  for (let centre = simulations.landscape.reachesAt(bottom.x); ; centre = rooms[0]!.reaches) {
    const [exc, inh] = centre;
    for (const [more, further] of neighbours) {
      const reaches = [exc + more, inh + further] as const;
      if (explored.has(reaches.join())) continue;
      // Rooms are like their neighbours.
      const from = shares.length === 1 ? (rooms[0]?.point ?? bottom) : bottom;
      explored.set(reaches.join(), await entered(simulations, from.x, reaches, shares));
      rooms = lowest([...explored.values()].filter((room) => room !== undefined));
    }
    if (rooms.length === 0 || rooms[0]!.reaches.join() === centre.join()) return rooms;
  }
}

/** A room's own place and the eight around it. */
const neighbours = [0, -1, 1].flatMap((exc) => [0, -1, 1].map((inh) => [exc, inh] as const));

/** @returns undefined where there is no such room, or there are no simulations for it */
async function entered(
  simulations: Simulations,
  from: Float64Array,
  reaches: Reaches,
  shares: readonly number[],
): Promise<Room | undefined> {
  const box = simulations.landscape.room(reaches);
  if (!box) return undefined;
  let x = from;
  let point: Point | undefined;
  for (const share of shares) {
    if (simulations.left < 2) return undefined;
    const wide = widened(box, 1 - share);
    const { point: start } = await simulations.relaxed(inside(x, wide), { reaches, share });
    point = await relaxedDescent(simulations, start, { ...probe, box: wide }, { reaches, share });
    x = point.x;
  }
  return point && { reaches, box, point };
}

/** Down in the relaxed landscape, with at least one simulation left over. */
export async function relaxedDescent(
  simulations: Simulations,
  start: Point,
  options: DescentOptions,
  whole?: WholeReaches,
): Promise<Point> {
  const evaluations = Math.min(options.evaluations, simulations.left - 1);
  const differencesAt = async (x: Float64Array) => (await simulations.relaxed(x, whole)).point.differences;
  return (await descend(differencesAt, start, { ...options, evaluations })).point;
}

/** A box and so much of its width more on each side. */
const widened = ({ low, high }: Box, part: number): Box => ({
  low: low.map((value, k) => Math.max(value - part * (high[k]! - value), 0)),
  high: high.map((value, k) => Math.min(value + part * (value - low[k]!), 1)),
});

const lowest = (rooms: readonly Room[]): Room[] =>
  lowestFirst(rooms.map(({ point }) => point)).map((point) => rooms.find((room) => room.point === point)!);
