import { exp, log, mersenneTwister } from "../../../kernels/index.ts";

/**
 * A quasi-random sequence in the unit box, more even than random points for any number of them: multiples of the
 * inverse powers of the root of xᵈ⁺¹ = x + 1 (Roberts 2018), shifted at random.
 *
 * @returns the point of an index from 0 on
 */
export function quasiRandomPoints(d: number, seed: number): (number: number) => Float64Array {
  let root = 1.5;
  for (let k = 0; k < 64; k += 1) root = exp(log(1 + root) / (d + 1));
  const shift = mersenneTwister(seed, d);
  const step = new Float64Array(d);
  for (let k = 0, power = 1 / root; k < d; k += 1, power /= root) step[k] = power;
  return (number) =>
    step.map((value, k) => {
      const place = shift[k]! + (number + 1) * value;
      return place - Math.floor(place);
    });
}
