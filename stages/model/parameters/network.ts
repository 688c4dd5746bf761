import { z } from "zod";
import type { Synapses } from "../../../kernels/index.ts";
import { count, positive, quantity } from "./units.ts";

/** A network of excitatory and inhibitory cells in the paper's units. */
export const networkSchema = z.strictObject({
  name: z.string(),
  N: count(2, 1e7, "cells"),
  g: quantity("1", "inhibitory fraction of the cells").min(0).max(1),
  p: quantity("1", "probability of a connection").min(0).max(1),
  Qe: positive("nS", "excitatory quantal conductance"),
  Qi: positive("nS", "inhibitory quantal conductance"),
  Te: positive("ms", "excitatory decay time"),
  Ti: positive("ms", "inhibitory decay time"),
  Ee: quantity("mV", "excitatory reversal potential"),
  Ei: quantity("mV", "inhibitory reversal potential"),
  drive: quantity("Hz", "external drive per excitatory synapse").min(0),
  afferent: quantity("1", "fraction of the afferent input that excites the excitatory cells").min(0).max(1),
});
export type NetworkParameters = z.infer<typeof networkSchema>;

/** Synapses that a cell receives from excitatory and from inhibitory cells. */
export const synapseCounts = ({ N, g, p }: NetworkParameters): { Ke: number; Ki: number } => ({
  Ke: N * (1 - g) * p,
  Ki: N * g * p,
});

/** In SI units. */
export const synapsesInSI = (network: NetworkParameters): Synapses => ({
  Qe: network.Qe * 1e-9,
  Qi: network.Qi * 1e-9,
  Te: network.Te * 1e-3,
  Ti: network.Ti * 1e-3,
  Ee: network.Ee * 1e-3,
  Ei: network.Ei * 1e-3,
});
