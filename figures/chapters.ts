/** Chapters of the page's gallery, in its order. */
export const chapters = [
  "The ring",
  "Against recordings",
  "Scan and inference",
  "Cells and transfer functions",
  "Spiking networks",
] as const;
export type Chapter = (typeof chapters)[number];
