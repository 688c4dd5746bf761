"""Statistics of tables of parameters (NumPy, SciPy): writes inference.json beside it.

The first table is of twelve best sets of a scan of five values of each parameter; the others are made up: values of a
continuous search, few recordings, and correlations so strong that p is tiny. Columns are in the scan's order.
"""
import json
import pathlib

import numpy as np
from scipy import stats

names = ["v_c", "l_stim", "l_exc", "l_inh", "tau2", "tau1"]
scanned = [
    [187.5, 0.65, 4, 1, 50, 38.75],
    [187.5, 0.2, 7, 7, 87.5, 50],
    [325, 1.1, 5.5, 1, 50, 50],
    [50, 1.55, 5.5, 1, 200, 50],
    [325, 0.65, 5.5, 4, 162.5, 27.5],
    [187.5, 0.2, 4, 1, 87.5, 16.25],
    [600, 0.65, 5.5, 5.5, 87.5, 27.5],
    [50, 1.55, 7, 1, 125, 38.75],
    [187.5, 0.65, 7, 5.5, 125, 50],
    [325, 0.2, 7, 5.5, 87.5, 38.75],
    [325, 0.2, 7, 7, 50, 38.75],
    [325, 0.65, 7, 7, 87.5, 50],
]
durations = [10, 10, 10, 100, 100, 50, 50, 50, 10, 10, 50, 50]
rng = np.random.default_rng(9)
low, high = np.array([50, 0.2, 1, 1, 50, 5]), np.array([600, 2, 7, 7, 200, 50])
continuous = low + (high - low) * rng.random((12, 6))
strong = continuous.copy()
strong[:, 4] = np.array(durations) + 1e-3 * rng.standard_normal(12)
strong[:, 5] = -np.array(durations) + 200 + 1e-2 * rng.standard_normal(12)
tables = {
    "scanned": (scanned, durations),
    "continuous": (continuous, durations),
    "strong": (strong, durations),
    "four": (continuous[:4], [10, 20, 50, 100]),
    "three": (continuous[:3], [10, 20, 50]),
}


def result(test, statistic, df, estimate):
    interval = test.confidence_interval()
    return {
        "statistic": float(statistic),
        "df": df,
        "p": float(test.pvalue),
        "estimate": float(estimate),
        "interval": [float(interval.low), float(interval.high)],
    }


def correlation(column, durations):
    test = stats.pearsonr(column, durations)
    line = stats.linregress(durations, column)  # whose slope has the same t
    return result(test, line.slope / line.stderr, len(durations) - 2, test.statistic)


rows = []
for name, (table, lasted) in tables.items():
    table, n = np.array(table, dtype=float), len(lasted)
    paired = stats.ttest_rel(table[:, 2], table[:, 3])
    rows.append(
        {
            "table": name,
            "columns": {parameter: list(map(float, table[:, k])) for k, parameter in enumerate(names)},
            "durations": lasted,
            "mean": {parameter: float(table[:, k].mean()) for k, parameter in enumerate(names)},
            "sd": {parameter: float(table[:, k].std()) for k, parameter in enumerate(names)},
            "tests": {
                "l_exc_l_inh": result(paired, paired.statistic, n - 1, (table[:, 2] - table[:, 3]).mean()),
                "tau1_duration": correlation(table[:, 5], lasted),
                "tau2_duration": correlation(table[:, 4], lasted),
            },
        }
    )
(pathlib.Path(__file__).parent / "inference.json").write_text(json.dumps(rows, indent=1) + "\n")
