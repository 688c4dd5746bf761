/**
 * How fast the kernels are, beside scalar C of the same work (bench/peers) where there is a compiler:
 *
 *     npm run bench:kernels
 *
 * Ours and the peer take turns in one run; each number is a median of milliseconds of processor time, of one
 * thread, after a warm-up. That both come to the same results is checked. Runs are kept in bench/history.txt.
 */
import { simulateRing } from "../kernels/index.ts";
import tfSimulation from "../stages/tf-simulation.ts";
import { type Line, remember } from "./history.ts";
import { Peers } from "./peers.ts";
import { ring, ringNumbers, tableNumbers, tableOf } from "./work.ts";

interface Measure {
  readonly name: string;
  readonly target: number;
  readonly rounds: number;
  /** Does the work some times, and returns milliseconds for each and what it came to. */
  readonly ours: () => Promise<{ milliseconds: number; results: number[] }>;
  /** The same, by a peer: seconds, then what it came to. */
  readonly peer: (peers: Peers) => number[];
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** Processor time of `action`, ms. */
async function processor<T>(action: () => T | Promise<T>): Promise<[number, T]> {
  const begin = process.cpuUsage();
  const result = await action();
  const { user, system } = process.cpuUsage(begin);
  return [(user + system) / 1000, result];
}

const table = (cell: "RS-cell" | "FS-cell"): Measure => ({
  name: `table ${cell}, 10 x 10 x 4`,
  target: 1,
  rounds: 5,
  async ours() {
    const idle = { signal: new AbortController().signal, progress: async () => {} };
    const [milliseconds, { arrays, values }] = await processor(() =>
      tfSimulation.run({ ...idle, params: tableOf(cell), inputs: {} }),
    );
    return { milliseconds, results: [values.simulations, sum(arrays.rate_mean.data)] };
  },
  peer: (peers) => peers.run("table", tableNumbers(cell, 1)),
});

const trial = ring();
const trials = 21;
const ringTrial: Measure = {
  name: "ring trial, 30 pixels, 1200 steps",
  target: 0.6,
  rounds: 9,
  async ours() {
    const [milliseconds, { nuE, nuI, deltaV }] = await processor(() => {
      for (let again = 1; again < trials; again++) simulateRing(trial);
      return simulateRing(trial);
    });
    return { milliseconds: milliseconds / trials, results: [sum(nuE), sum(nuI), sum(deltaV)] };
  },
  peer: (peers) => peers.run("ring", ringNumbers(trial, trials)),
};

async function measure({ name, rounds, ours, peer }: Measure, peers: Peers): Promise<Line> {
  await ours();
  const [own, others]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const { milliseconds, results } = await ours();
    own.push(milliseconds);
    if (!peers.compiler) continue;
    const [seconds, ...want] = peer(peers) as [number, ...number[]];
    others.push(seconds * 1000);
    const off = want.findIndex((value, k) => !(Math.abs(results[k]! / value - 1) < 1e-9));
    if (off >= 0) throw new Error(`${name}: ours came to ${results[off]}, the peer to ${want[off]}`);
  }
  return { measure: name, ours: median(own), peer: peers.compiler ? median(others) : undefined };
}

const peers = new Peers();
try {
  console.log(
    peers.compiler ? `peers: ${peers.compiler}, -O2` : "no cc on this machine: no peers to compare with",
  );
  const lines: Line[] = [];
  for (const each of [ringTrial, table("RS-cell"), table("FS-cell")]) {
    const line = await measure(each, peers);
    const beside = line.peer
      ? `C ${line.peer.toFixed(2)} ms, ratio ${(line.ours / line.peer).toFixed(2)}, aim ${each.target}`
      : "";
    console.log(`${line.measure.padEnd(34)} ours ${line.ours.toFixed(2)} ms  ${beside}`);
    lines.push(line);
  }
  remember(lines);
} finally {
  peers.close();
}
