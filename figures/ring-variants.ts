import type { FigureKind } from "./figure-kind.ts";
import { reachOf } from "./map.ts";
import { listed, rounded } from "./number.ts";
import { plain } from "./parameters.ts";
import { mapOf, type TrialWithLine } from "./ring-trial.ts";
import { extent } from "./series.ts";

type Variants = { readonly [variant: string]: TrialWithLine };

/**
 * Trials of the ring side by side on one scale of time. Each has its own colours, because amplitudes may differ widely.
 */
export const ringVariants: FigureKind<{ variants: Variants }> = {
  title: "What the response of the ring depends on",

  caption({ variants }) {
    const each = Object.entries(variants).map(([name, one]) => {
      const { l_exc, l_inh, v_c, l_stim, tau1, tau2 } = one.trial.params.ring;
      const most = extent(one.trial.artifact.arrays.delta_V.data)?.[1] ?? Number.NaN;
      return (
        `${worded(name)} (${plain("v_c")} ${v_c} mm/s, ${plain("l_exc")} ${l_exc}, ${plain("l_inh")} ${l_inh}, ${plain("l_stim")} ` +
        `${l_stim} mm, ${plain("tau1")} ${tau1}, ${plain("tau2")} ${tau2} ms; ` +
        `largest δV ${rounded(100 * most)} %)`
      );
    });
    return (
      `Relative depolarisation of the ring in ${each.length} trials, each as long as its stimulus needs, with a range of colours of its own: ${listed(each)}.` +
      (Object.values(variants).some(({ line }) => line)
        ? " Lines are when the response reaches each pixel."
        : "")
    );
  },

  rows({ variants }, look) {
    const all = Object.entries(variants);
    const end = Math.max(...all.map(([, { trial }]) => reachOf(trial.artifact.arrays.time.data)[1]));
    const perRow = look.width < 560 ? 2 : 4;
    const times = [0, 1e3 * end] as const;
    return Array.from({ length: Math.ceil(all.length / perRow) }, (_, row) => {
      const members = all.slice(row * perRow, (row + 1) * perRow);
      const charts = members.map(([name, one]) =>
        mapOf(one, "delta_V", { times, title: worded(name) }, look),
      );
      return { height: 150, charts };
    });
  },
};

const worded = (variant: string): string => variant.replaceAll("-", " ");
