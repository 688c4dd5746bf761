import { networkSchema } from "./network.ts";

/** The networks of the paper and its code (docs/model.md, "Networks"); Vogels-Abbott has no drive and no afferent. */
export const networks = {
  CONFIG1: networkSchema.parse({
    ...{ name: "CONFIG1", N: 10_000, g: 0.2, p: 0.05, drive: 4, afferent: 1 },
    ...{ Qe: 1, Qi: 5, Te: 5, Ti: 5, Ee: 0, Ei: -80 },
  }),
  "Vogels-Abbott": networkSchema.parse({
    ...{ name: "Vogels-Abbott", N: 5000, g: 0.2, p: 0.02, drive: 0, afferent: 0 },
    ...{ Qe: 7, Qi: 67, Te: 5, Ti: 10, Ee: 0, Ei: -80 },
  }),
} as const;
export type NetworkName = keyof typeof networks;
export const networkNames = Object.keys(networks) as [NetworkName, ...NetworkName[]];
