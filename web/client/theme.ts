import type { Look } from "../../figures/theme.ts";

/** What the user chose; `auto` follows the system. */
export type Choice = "auto" | "light" | "dark";
export const choices: readonly Choice[] = ["auto", "light", "dark"];

const darkness = matchMedia("(prefers-color-scheme: dark)");
const place = "mesoflow-theme";

export const chosen = (): Choice =>
  choices.find((choice) => choice === localStorage.getItem(place)) ?? "auto";

/** The theme in force. */
export function themeNow(): Look["theme"] {
  const choice = chosen();
  if (choice !== "auto") return choice;
  return darkness.matches ? "dark" : "light";
}

export function choose(choice: Choice): void {
  localStorage.setItem(place, choice);
  apply();
}

const listeners = new Set<() => void>();

/** Calls back whenever another theme is in force. */
export const onTheme = (listener: () => void): void => void listeners.add(listener);

export function apply(): void {
  document.documentElement.dataset.theme = themeNow();
  for (const listener of listeners) listener();
}

darkness.addEventListener("change", apply);
