/**
 * Numbers that the published notebook prints, and coefficients its authors stored beside it (Zerlaut, Chemla,
 * Chavane & Destexhe, J Comput Neurosci 44:45, 2018; github.com/yzerlaut/notebook_papers). All were obtained
 * under the reading as-coded, with RS-cell and FS-cell in CONFIG1.
 */

/** Coefficients of the effective threshold, mV, as printed. */
const printed = {
  "RS-cell": [
    -54.7150805, 7.64453782, -4.62722888, 1.71283147, -0.10710902, 0.72054481, -2.00463685, 0.11756368,
    5.61325855, -0.99436164, -2.87604362,
  ],
  "FS-cell": [
    -53.9174436, 4.07642701, 1.69747036, 0.911869386, -0.0343496494, 0.500307136, 0.0652314112, 0.0242498031,
    -2.3432787, -0.115712989, 0.148402587,
  ],
};

/** Coefficients of the effective threshold, V, as stored by the authors. */
const stored = {
  "RS-cell": [
    -0.0514155819, 0.00611046069, 0.00744015476, 5.76905434e-5, -0.000152902668, 0.00056336441,
    0.000272814525, 0.000527870901, -0.000677080411, 0.00048979644, 0.00115073958,
  ],
  "FS-cell": [
    -0.0546160664, 0.0045841575, -0.00177303201, 0.000664785219, -0.00030063749, 0.000393520293,
    -0.000514454957, -6.39186948e-6, -0.00139021341, -0.000485663596, -0.000363617754,
  ],
};

/** What the coefficients below belong to; under another reading, cell or network they are wrong. */
export const provenance = { reading: "as-coded", network: "CONFIG1" } as const;

/** Coefficients by source and cell, V. */
export const coefficients: Readonly<
  Record<"notebook" | "authors", Readonly<Record<string, readonly number[]>>>
> = {
  notebook: Object.fromEntries(
    Object.entries(printed).map(([cell, values]) => [cell, values.map((value) => value * 1e-3)]),
  ),
  authors: stored,
};

/** Results as printed: rates in Hz, covariances in Hz², errors in Hz². */
export const results = {
  rateMse: { "RS-cell": 0.041754, "FS-cell": 0.236405 },
  firstOrder: [2.45719675, 9.64063894],
  secondOrder: [2.45947019, 9.66354488, 0.09778797, 0.11800296, 0.25284009],
  /** Wide stimulus against recording wa080523. */
  residual: 18.2543083783,
  /** The same without the plotting trick that the printed one includes (docs/notebook.md). */
  residualWithoutTrick: 18.412793602,
} as const;
