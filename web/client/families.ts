import type { GraphInfo } from "../protocol.ts";

type StageInfo = GraphInfo["stages"][number];

/** Stages that are drawn as one box: of one name up to a slash, fed by the same families. */
export interface Family {
  /** "ring-trial", or the whole name of a stage that is alone. */
  readonly name: string;
  readonly members: readonly Member[];
  /** The families that its members need. */
  readonly needs: readonly Family[];
}

export interface Member {
  readonly name: string;
  /** What tells it from the others of its family. */
  readonly label: string;
}

/** Each family after those it needs, if each stage comes after those it needs. */
export function familiesOf(stages: readonly StageInfo[]): Family[] {
  const keys = new Map(stages.map((stage) => [stage.name, keyOf(stage)]));
  const groups = new Map<string, StageInfo[]>();
  for (const stage of stages) {
    const key = keys.get(stage.name)!;
    if (!groups.get(key)?.push(stage)) groups.set(key, [stage]);
  }
  const families = new Map<string, Family>();
  for (const [key, members] of groups) {
    const needs = new Set(members.flatMap((member) => member.needs.map((need) => keys.get(need))));
    const name = commonOf(members.map((member) => member.name));
    families.set(key, {
      name,
      members: members.map((member) => ({
        name: member.name,
        label: members.length === 1 ? member.name : member.name.slice(name.length + 1),
      })),
      needs: [...needs].flatMap((need) => (need !== undefined && need !== key && families.get(need)) || []),
    });
  }
  return [...families.values()];
}

const firstOf = (name: string): string => name.split("/", 1)[0]!;

const keyOf = ({ name, needs }: StageInfo): string =>
  JSON.stringify([firstOf(name), ...new Set(needs.map(firstOf))]);

/** What names have in common, up to a slash. */
function commonOf(names: readonly string[]): string {
  const [first = "", ...others] = names;
  if (others.length === 0) return first;
  const parts = first.split("/");
  const length = parts.findIndex((part, at) => others.some((other) => other.split("/")[at] !== part));
  return parts.slice(0, Math.max(length, 1)).join("/");
}
