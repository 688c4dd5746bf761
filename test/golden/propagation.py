"""Early-response lines and straight lines through them, by NumPy: writes propagation.json beside it.

    python3 propagation.py RECORDINGS_FOLDER

Of recordings (*.mat below the folder): the lines of the notebook's data figure, In [8], as they stand there but for
rows that peak in their first sample, which have none before it, and pieces of less than three points, which np.polyfit
would go through or refuse. Also the slopes' intervals of docs/propagation.md, in NumPy; how often those cover the slope
of lines with errors that neighbours share (moving averages of white noise, 4,000 lines each); and SciPy's quantiles of
Student's t.
"""
import json
import pathlib
import sys

import numpy as np
from scipy.io import loadmat
from scipy.stats import t as student

here = pathlib.Path(__file__).parent
signal_criteria, amp_criteria = 0.4, 0.6


def load_data(filename):
    f = loadmat(filename)
    data = 1e3 * f["matNL"][0]["stim1"][0]
    time = f["matNL"][0]["time"][0].flatten()
    space = f["matNL"][0]["space"][0].flatten()
    return time, space, data


def interval(x, y, confidence=0.95):
    b, a = np.polyfit(x, y, 1)
    residuals = y - a - b * x
    squares = np.sum(residuals**2)
    tau = 1.0
    # An exact line has no residuals to speak of.
    for lag in range(1, len(x) if np.any(np.diff(y)) else 0):
        products = np.sum(residuals[lag:] * residuals[:-lag])
        if products <= 0:
            break
        tau += 2 * products / squares
    freedom = min(len(x) / tau, np.count_nonzero(np.diff(y)) + 1) - 4
    if freedom < 1:
        return None
    half = student.ppf((1 + confidence) / 2, freedom) * np.sqrt(squares / freedom / np.sum((x - x.mean()) ** 2))
    return [b - half, b + half]


def coverage(width, n, confidence, repetitions=4000):
    random = np.random.default_rng(5)
    x = np.arange(n) * 0.0566
    covered = 0
    for _ in range(repetitions):
        errors = np.convolve(random.standard_normal(n + width - 1), np.ones(width), "valid") / np.sqrt(width)
        found = interval(x, 4 * x + errors, confidence)
        covered += found is None or found[0] <= 4 <= found[1]
    return covered / repetitions


def notebook_lines(filename):
    time, space, data = load_data(filename)
    XX, TT = [], []
    for i in range(data.T.shape[1]):
        imax = np.argmax(data.T[:, i])
        if data.T[imax, i] >= signal_criteria:
            if imax == 0:
                continue
            ii = np.argmin(np.abs(data.T[:imax, i] - amp_criteria * data.T[imax, i]))
            XX.append(space[i])
            TT.append(time[ii])
    tt, xx = np.array(TT), np.array(XX)
    fits = []
    for intervals in [[3, 5.5], [6, 8], [8.2, 12]]:
        cond = (xx > intervals[0]) & (xx < intervals[1]) & (tt < 20)
        points = int(cond.sum())
        if points < 3:
            fits.append({"points": points, "polyfit": None, "interval": None})
            continue
        pol = np.polyfit(xx[cond], tt[cond], 1).tolist()
        fits.append({"points": points, "polyfit": pol, "interval": interval(xx[cond], tt[cond])})
    return {"space": xx.tolist(), "time": tt.tolist(), "fits": fits}


folder = pathlib.Path(sys.argv[1])
recordings = {path.name: notebook_lines(path) for path in sorted(folder.rglob("*.mat"))}
settings = [(1, 10), (5, 10), (1, 24), (5, 24), (1, 48), (5, 48), (10, 48), (1, 100), (5, 100), (10, 100)]
coverages = [[w, n, c, coverage(w, n, c)] for w, n in settings for c in (0.95, 0.8)]
result = {"recordings": recordings, "coverage": coverages}
(here / "propagation.json").write_text(json.dumps(result) + "\n")
