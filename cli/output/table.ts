import Table from "cli-table3";

/** A table without rules, its columns two spaces apart; `right` names the columns that are set flush right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const none = [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
  ];
  const inner = ["left", "left-mid", "mid", "mid-mid", "right", "right-mid"];
  const layout = new Table({
    head: [...head],
    colAligns: head.map((name) => (right.includes(name) ? "right" : "left")),
    chars: { ...Object.fromEntries([...none, ...inner].map((place) => [place, ""])), middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  layout.push(...rows.map((row) => [...row]));
  return layout
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
