/** Prints the tables of test/support/calibration.ts: `npm run calibrate -- [recordings] [campaign]`. */
import { calibration, campaigns, type Outcome } from "../test/support/calibration.ts";
import { ranges } from "../test/support/films.ts";

const count = Number(process.argv[2] ?? 100);
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

function print(campaign: string, outcomes: readonly Outcome[]): void {
  const resolved = outcomes.filter(({ power }) => power === 1);
  console.log(`\n${campaign} noise, ${outcomes.length} recordings, ${resolved.length} of them resolved`);
  console.log(
    "| parameter | intervals that hold | of those resolved | median length / range | ranks by fifths |",
  );
  console.log("| --- | --- | --- | --- | --- |");
  Object.keys(ranges).forEach((name, k) => {
    const held = (of: readonly Outcome[]) => of.filter(({ holds }) => holds[k]).length;
    const fifths = [0, 1, 2, 3, 4].map(
      (fifth) => outcomes.filter(({ ranks }) => Math.min(4, Math.floor(5 * ranks[k]!)) === fifth).length,
    );
    const length = median(outcomes.map(({ lengths }) => lengths[k]!)).toFixed(3);
    console.log(`| ${name} | ${held(outcomes)} | ${held(resolved)} | ${length} | ${fifths.join(" ")} |`);
  });
}

for (const [name, noise] of Object.entries(campaigns)) {
  if (process.argv[3] && process.argv[3] !== name) continue;
  const outcomes: Outcome[] = [];
  for await (const outcome of calibration(noise, count, 800, 2018)) {
    outcomes.push(outcome);
    const { holds, power, misfit, effectiveSize } = outcome;
    console.error(
      `${outcomes.length} holds ${holds.map(Number).join("")} effective ${effectiveSize.toFixed(0)} ` +
        `power ${power.toPrecision(2)} misfit ${misfit.toFixed(2)}`,
    );
  }
  print(name, outcomes);
}
