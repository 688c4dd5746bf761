import { Graph, layout } from "@dagrejs/dagre";
import { textWidth } from "../../figures/svg.ts";
import type { Family } from "./families.ts";

/** px, of the drawing at its own size. */
export const row = 21;
export const heading = 20;
export const letter = 11.5;
const least = 104;
const room = { sign: 22, state: 52, padding: 4 };
/** Families with more members are drawn as one row that counts them. */
const few = 6;

/** A family where it is drawn. */
export interface Box {
  readonly family: Family;
  /** Of the upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether its members have a row each, rather than one row together. */
  readonly isOpen: boolean;
}

export interface Layout {
  /** Column by column, from top to bottom: as people read, and tab. */
  readonly boxes: readonly Box[];
  /** The ways of the arrows, as paths. */
  readonly arrows: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** Families from left to right, each to the right of what it needs. Arrows that others imply are left out. */
export function layoutOf(families: readonly Family[]): Layout {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 9, ranksep: 26, edgesep: 6 });
  graph.setDefaultEdgeLabel(() => ({}));
  const ids = new Map(families.map((family, index) => [family, String(index)]));
  for (const family of families) graph.setNode(ids.get(family)!, { ...sizeOf(family) });
  const needs = directNeeds(families);
  for (const [to, froms] of needs) for (const from of froms) graph.setEdge(ids.get(from)!, ids.get(to)!);
  layout(graph);

  const placed = families.map((family): Box => {
    const { x, y } = graph.node(ids.get(family)!) as { x: number; y: number };
    const { width, height } = sizeOf(family);
    return { family, x: x - width / 2, y: y - height / 2, width, height, isOpen: isFew(family) };
  });
  const at = new Map(placed.map((box) => [box.family, box]));
  const arrows = [...needs].flatMap(([to, froms]) =>
    froms.map((from) => {
      const { points } = graph.edge(ids.get(from)!, ids.get(to)!) as { points: readonly Point[] };
      const [start, end] = [at.get(from)!, at.get(to)!];
      return way([
        { x: start.x + start.width, y: start.y + start.height / 2 },
        ...(points.length > 3 ? points.slice(1, -1) : []),
        { x: end.x, y: end.y + end.height / 2 },
      ]);
    }),
  );
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const boxes = placed.toSorted(
    (one, other) => one.x + one.width / 2 - (other.x + other.width / 2) || one.y - other.y,
  );
  return { boxes, arrows, width: Math.max(width, 0), height: Math.max(height, 0) };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const isFew = ({ members }: Family): boolean => members.length <= few;

function sizeOf(family: Family): { width: number; height: number } {
  const { name, members } = family;
  const rows = isFew(family) ? members.length : 1;
  const labels = isFew(family) ? members.map(({ label }) => label) : [];
  const widest = Math.max(...labels.map((label) => textWidth(label, letter)), 0);
  const width = Math.max(least, room.sign + widest + room.state, 12 + textWidth(name, letter));
  return { width, height: (members.length === 1 ? 0 : heading) + rows * row + room.padding };
}

/** What each family needs, unless it needs it through another as well. */
function directNeeds(families: readonly Family[]): Map<Family, Family[]> {
  const above = new Map<Family, ReadonlySet<Family>>();
  const direct = new Map<Family, Family[]>();
  for (const family of families) {
    const beyond = new Set(family.needs.flatMap((need) => [...(above.get(need) ?? [])]));
    above.set(family, new Set([...family.needs, ...beyond]));
    direct.set(
      family,
      family.needs.filter((need) => !beyond.has(need)),
    );
  }
  return direct;
}

/** A smooth way through points, level at each of them. */
function way([first, ...others]: readonly Point[]): string {
  let from = first!;
  const pieces = others.map((to) => {
    const middle = (from.x + to.x) / 2;
    const piece = `C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
    from = to;
    return piece;
  });
  return `M${first!.x} ${first!.y} ${pieces.join(" ")}`;
}
