import type { Configuration } from "../../stages/configuration.ts";
import { entries, type SectionId, sectionIds } from "../../stages/registry.ts";

interface Text {
  readonly title: string;
  /** Paragraphs that say what was done, and how to read it. */
  text(configuration: Configuration): readonly string[];
}

/** A part of the notebook's story. */
export interface Section extends Text {
  /** Also where it is in the page. */
  readonly id: SectionId;
  /** Kinds of stages that it is about. */
  readonly stages: readonly string[];
  /** Sections of the configuration, or single paths. */
  readonly parameters: readonly string[];
}

const texts: Readonly<Record<SectionId, Text>> = {
  "single-cells": {
    title: "Single cells",
    text: ({ cells }) => [
      `The networks consist of adaptive exponential integrate-and-fire (AdEx) neurons: ${cells.exc} for the excitatory ` +
        `population, ${cells.inh} for the inhibitory one. Regular-spiking cells (RS) adapt, so that their spikes under a ` +
        "constant current become rarer; fast-spiking cells (FS) do not.",
    ],
  },
  "transfer-functions": {
    title: "Transfer functions",
    text: ({ coefficients }) => [
      "The transfer function of a cell is its output rate, given the rates ν_e and ν_i of its excitatory and inhibitory " +
        "inputs. It is simulated at a grid of inputs; then a semi-analytic template is fitted to it, the probability that " +
        "the membrane potential, of known mean, standard deviation and autocorrelation time, is beyond an effective " +
        "threshold. That threshold is a polynomial of these moments, whose coefficients are what is fitted.",
      coefficients === "fit"
        ? "All that follows uses the coefficients of this fit. Its optimum is flat: coefficients that differ by tens of mV fit equally well, and differ where rates leave the simulated table."
        : `What follows does not use this fit but the coefficients that ${coefficients === "notebook" ? "the notebook prints" : "the authors stored"}.`,
    ],
  },
  network: {
    title: "The network at rest, and the mean field's fixed point",
    text: () => [
      "A network of both populations, connected at random and driven from outside, is simulated spike by spike. The mean " +
        "field describes the same network by the populations' rates, at first order, and by their covariances as well, at " +
        "second order, in a Master Equation formalism. Its fixed point predicts the network's spontaneous activity.",
      "The fixed point of second order is told twice: as the notebook has it, integrated over 20 ms, in which the " +
        "covariances do not settle wholly, and converged.",
    ],
  },
  waveform: {
    title: "A transient response",
    text: () => [
      "Network and mean field receive the same transient input, which rises and decays as two halves of Gaussians. The " +
        "mean field is integrated at second order; its standard deviations are those of rates in a network of this size.",
    ],
  },
  ring: {
    title: "The ring: one trial, and variants",
    text: () => [
      "Signals of voltage-sensitive dye are modelled by a ring of such networks, each a mean field of first order, with " +
        "connections whose number falls off as a Gaussian of distance and whose delays are distance over conduction " +
        "velocity. A local stimulus comes in; δV, the depolarisation relative to rest, is what dye would show.",
      "The variants have slow conduction, a brief stimulus, and a wide stimulus with short excitatory " +
        "connections. Early-response lines tell when each place first responds; their slopes give speeds, negative where " +
        "the response travels towards smaller positions.",
    ],
  },
  recordings: {
    title: "Recordings, and how responses propagate",
    text: ({ recordings }) => [
      `${recordings === undefined ? "The bundled recording is a film of a trial of the model with known parameters, with a camera's noise. No animal was involved. " : ""}` +
        "Each recording is shown wholly, and its onset closer. Points mark when each position first reaches a share of its " +
        "own peak; straight lines through pieces of them give the speed at which the response spreads.",
    ],
  },
  residuals: {
    title: "Model against recordings",
    text: () => [
      "A trial is aligned with a recording, both with their peak at 0 ms and 0 mm, and compared with it at the ring's " +
        "positions and the recording's times. The residual is the sum of squared differences: the less, the better they agree.",
    ],
  },
  scan: {
    title: "A scan over six parameters",
    text: ({ scan }) => [
      `Every recording is compared with a trial for every combination of ${scan.points} values of each of six parameters: ` +
        "conduction velocity v_c, extents of stimulus (l_stim), excitatory (l_exc) and inhibitory connections (l_inh), and " +
        "the stimulus' times of decay τ₂ and rise τ₁.",
    ],
  },
  inference: {
    title: "What the best sets say (Figure 9 of the paper)",
    text: () => [
      "Of each recording, the set with the least residual; over recordings, means, standard deviations and tests: whether " +
        "excitation reaches further than inhibition, and whether the input's rise and decay go with the stimulus' duration.",
      "The smallest residual is not the truth: sets that are far apart can come close to it. The posterior below tells " +
        "which values a recording is compatible with.",
    ],
  },
  refinement: {
    title: "Beyond the grid",
    text: () => [
      "From the scan's best points a continuous search goes on within the same ranges, for each recording on its own. " +
        "The residual is never above that of the scan's best set; that it is the least there is, is not known.",
    ],
  },
  posterior: {
    title: "What each recording determines: the posterior",
    text: ({ posterior }) => [
      `Intervals of ${posterior.level} % of the posterior of each parameter, given the recording and its noise, with every ` +
        "value within the scan's ranges equally likely before. A parameter counts as not determined where its interval " +
        "is nearly as long as without any recording.",
    ],
  },
};

/** The story in the notebook's order, and what has been added to it since. */
export const sections: readonly Section[] = sectionIds.map((id) => {
  const own = entries.filter(({ section }) => section === id);
  return {
    id,
    ...texts[id],
    stages: own.map(({ stage }) => stage.id),
    parameters: own.flatMap(({ parameters }) => parameters ?? []),
  };
});
