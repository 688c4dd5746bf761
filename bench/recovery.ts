/**
 * Whether parameters come back from films without noise, from the middle of the ranges: the table of docs/refinement.md.
 *
 *     npm run bench:recovery -- FIRST LAST [SEED]
 *
 * For draws FIRST to LAST the simulations that were made, the residual, and the parameter that is most off.
 */
import { parameters } from "../stages/model/parameters/parameters.ts";
import {
  coldStart,
  filmComparison,
  filmed,
  parametersOf,
  refined,
  trialAt,
  truth,
} from "../test/support/noiseless.ts";

const [first = 0, last = 29, seed = 1] = process.argv.slice(2).map(Number);

console.log("| draw | simulations | residual | largest error | of |");
console.log("| --- | --- | --- | --- | --- |");
for (let draw = first; draw <= last; draw += 1) {
  const want = truth(draw);
  const film = filmed(await trialAt(want));
  const found = await refined(await coldStart(film, filmComparison), filmComparison, {
    evaluations: 6000,
    seed,
  });
  const got = parametersOf(found);
  const off = (name: (typeof parameters)[number]) => Math.abs(got[name] / want[name] - 1);
  const worst = parameters.reduce((most, name) => (off(name) > off(most) ? name : most));
  const { evaluations } = found.values;
  const residual = found.arrays.residual.data[0]!.toPrecision(2);
  console.log(
    `| ${draw} | ${evaluations} | ${residual} | ${(100 * off(worst)).toPrecision(2)} % | ${worst} |`,
  );
}
