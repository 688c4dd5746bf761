import { exp, log } from "../../kernels/index.ts";
import { eachParameter, type Parameter, parameters } from "../model/parameters/parameters.ts";

export type Parameters = Readonly<Record<Parameter, number>>;
export type Ranges = Readonly<Record<Parameter, readonly [number, number]>>;

/** A monotonous function and its inverse. */
interface Scale {
  to(value: number): number;
  from(scaled: number): number;
}

const linear: Scale = { to: (value) => value, from: (scaled) => scaled };
const logarithmic: Scale = { to: log, from: exp };
/** For a Gaussian's SD: the Gaussian's height at a distance. */
const fallenTo = (distance: number): Scale => ({
  to: (sd) => exp((-distance * distance) / (2 * sd * sd)),
  from: (height) => distance / Math.sqrt(0 - 2 * log(height)),
});

/** The unit box in which parameters are searched; its sides are the ends of the ranges. */
export class Coordinates {
  readonly #ranges: Ranges;
  readonly #scales: Readonly<Record<Parameter, Scale>>;

  /** @param spacing mm between units */
  constructor(ranges: Ranges, spacing: number) {
    this.#ranges = ranges;
    // 1 ms more is much for a rise of 5 ms and little for one of 50, hence logarithms of times. Of a stimulus only its
    // strength at units counts: far below their distance its width makes no difference. Lengths of connections are
    // linear, because each further unit that they reach counts the same.
    const wanted = {
      v_c: logarithmic,
      // If units are close together, lengths in the middle of the range should lie in the middle of the box.
      l_stim: fallenTo(Math.max(spacing, Math.sqrt(ranges.l_stim[0] * ranges.l_stim[1]))),
      l_exc: linear,
      l_inh: linear,
      tau2: logarithmic,
      tau1: logarithmic,
    };
    this.#scales = eachParameter((name) => {
      const [low, high] = ranges[name].map(wanted[name].to) as [number, number];
      return high > low && Number.isFinite(high - low) ? wanted[name] : linear;
    });
  }

  /** Parameters at a point of the box. */
  parametersAt(x: Float64Array): Parameters {
    return eachParameter((name, k) => {
      const { to, from } = this.#scales[name];
      const [low, high] = this.#ranges[name];
      const value = from(to(low) + x[k]! * (to(high) - to(low)));
      return Math.min(Math.max(value, low), high);
    });
  }

  /** The point of the box where the parameters are these. */
  pointOf(values: Parameters): Float64Array {
    return Float64Array.from(parameters, (name) => this.of(name, values[name]));
  }

  /** One coordinate of it. */
  of(name: Parameter, value: number): number {
    const { to } = this.#scales[name];
    const [low, high] = this.#ranges[name];
    const within = Math.min(Math.max(value, low), high);
    return Math.min(Math.max((to(within) - to(low)) / (to(high) - to(low)), 0), 1);
  }
}
