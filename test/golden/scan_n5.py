"""Residuals of forty points of the N = 5 scan against twelve recordings, in NumPy and SciPy: writes scan_n5.json.

    python3 scan_n5.py FOLDER

FOLDER holds the authors' recordings (monkey1/*.mat, monkey2/*.mat). Written from the description of the model, not from the program,
as-coded, with the coefficients that the notebook prints; plain loops over steps. scan_n2.json, which the authors'
own Python made, is recomputed first: all of it must come out within 1e-9, or nothing is written.
"""
import json
import pathlib
import random
import sys

import numpy as np
import scipy
from scipy.io import loadmat
from scipy.ndimage import gaussian_filter1d
from scipy.optimize import fsolve
from scipy.special import erfc

here = pathlib.Path(__file__).parent

# Cells and network, SI units.
Gl, Cm, El = 10e-9, 200e-12, -65e-3
Qe, Qi, Te, Ti, Ee, Ei = 1e-9, 5e-9, 5e-3, 5e-3, 0.0, -80e-3
Ke, Ki, drive = 400, 100, 4.0
printed = json.loads((here / "notebook_printed.json").read_text())["coefficients_mV"]
P_exc, P_inh = (1e-3 * np.array(printed[cell]) for cell in ("RS-cell", "FS-cell"))

# Ring, mm and s.
N, L, T, dt, amplitude = 30, 36.0, 5e-3, 5e-4, 15.0
m = L / N
X = np.linspace(0, L, N)


def mean_voltage(nu_e, nu_i):
    ge, gi = Qe * Te * Ke * nu_e, Qi * Ti * Ki * nu_i
    return (ge * Ee + gi * Ei + Gl * El) / (Gl + ge + gi)


def rate(P, nu_e, nu_i):
    fe, fi = Ke * nu_e, Ki * nu_i
    G = Gl + Qe * Te * fe + Qi * Ti * fi
    mu = mean_voltage(nu_e, nu_i)
    tau_m = Cm / G
    Ue, Ui = Qe * (Ee - mu) / G, Qi * (Ei - mu) / G
    se, si = (Ue * Te) ** 2, (Ui * Qi) ** 2  # Qi, not Ti: as-coded
    sigma = np.sqrt(fe * se / (2 * (Te + tau_m)) + fi * si / (2 * (Ti + tau_m))) + 1e-12
    fe, fi = fe + 1e-9, fi + 1e-9
    tau = (fe * se + fi * si) / (fe * se / (Te + tau_m) + fi * si / (Ti + tau_m))
    x, y, z = (mu + 60e-3) / 10e-3, (sigma - 4e-3) / 6e-3, tau * Gl / Cm - 0.5
    terms = [1, x, y, z, np.log(G / Gl), x * x, y * y, z * z, x * y, x * z, y * z]
    threshold = sum(p * term for p, term in zip(P, terms))
    return erfc((threshold - mu) / (np.sqrt(2) * sigma)) / (2 * tau)


def unbalanced(nu):
    return [rate(P_exc, nu[0] + drive, nu[1]) - nu[0], rate(P_inh, nu[0] + drive, nu[1]) - nu[1]]


rest = fsolve(unbalanced, (2.5, 9.6), xtol=1e-14)
assert np.abs(unbalanced(rest)).max() < 1e-12


def profile(l, v_c):
    d = l / m
    k = np.arange(-int(3 * d / m), int(3 * d / m) + 1)
    weights = np.exp(-(k**2) / (2 * (d + 1e-12) ** 2)) / (np.sqrt(2 * np.pi) * (d + 1e-12))
    delays = [int(abs(offset) / (v_c / m) / dt) for offset in k]
    return list(zip(k, weights, delays))


def spread(connections, nu, i):
    return sum(weight * np.roll(nu[max(i - delay, 0)], -k) for k, weight, delay in connections)


def trial(v_c, l_stim, l_exc, l_inh, tau2, tau1):
    """Time (s) and δV [time, space]; mm/s, mm, mm, mm, s, s."""
    t0 = max(3 * tau1, 150e-3)
    steps = int(max(t0 + 3 * tau2, 400e-3) / dt)
    t = np.arange(steps) * dt
    in_time = np.exp(-((t - t0) ** 2) / (2 * np.where(t < t0, tau1, tau2) ** 2))
    in_space = np.exp(-((X - X[N // 2]) ** 2) / (2 * l_stim**2))
    afferent = amplitude * np.outer(in_time, in_space)
    exc, inh = profile(l_exc, v_c), profile(l_inh, v_c)
    nu_e, nu_i, delta_v = np.zeros((steps, N)), np.zeros((steps, N)), np.zeros((steps, N))
    nu_e[0], nu_i[0] = rest
    at_rest = mean_voltage(rest[0] + drive, rest[1])
    for i in range(steps - 1):
        from_exc, from_inh = drive + spread(exc, nu_e, i), spread(inh, nu_i, i)
        delta_v[i + 1] = np.abs((mean_voltage(from_exc, from_inh) - at_rest) / at_rest)
        nu_e[i + 1] = nu_e[i] + dt / T * (rate(P_exc, from_exc + afferent[i], from_inh) - nu_e[i])
        nu_i[i + 1] = nu_i[i] + dt / T * (rate(P_inh, from_exc, from_inh) - nu_i[i])
    return t, delta_v


def recording(file, t_lo, t_hi):
    """Time (ms) and space (mm), from their origins, and the smoothed VSD signal [space, time]."""
    mat = loadmat(file)["matNL"][0, 0]
    time, space = mat["time"].ravel().astype(float), mat["space"].ravel().astype(float)
    vsd = np.nan_to_num(1e3 * mat["stim1"].astype(float))
    padded = np.pad(vsd, ((1, 0), (1, 0)))
    vsd = (padded[1:, 1:] + padded[:-1, 1:] + padded[1:, :-1] + padded[:-1, :-1]) / 4
    window = (time > t_lo) & (time < t_hi)
    time, vsd = time[window], vsd[:, window]
    time = time - origin(time, vsd.mean(axis=0))
    early = vsd[:, np.abs(time) < 100].mean(axis=1)
    return time, space - space[np.argmax(gaussian_filter1d(early, 4)[:-4])], vsd


def origin(time, signal):
    return time[np.argmax(gaussian_filter1d(signal, 1)[:-1])]


def residual(measured, model, factor):
    """Σ (data − model)²; `factor` divides the model, its own maximum if None."""
    time, space, vsd = measured
    t, delta_v = model
    x = X - (L / 2 + m / 2)
    kept = (x >= space.min()) & (x <= space.max())
    delta_v = delta_v[:, kept]
    t = 1e3 * t
    t = t - origin(t, delta_v.mean(axis=1))
    rows = [np.argmin(np.abs(space - position)) for position in x[kept]]
    frame = time[1] - time[0]
    sampled = np.zeros((len(rows), len(time)))
    for j, instant in enumerate(time):
        near = np.flatnonzero(np.abs(t - instant) < frame)
        if len(near):
            sampled[:, j] = delta_v[near[0]]
    data = vsd[rows]
    sampled = sampled / (sampled.max() if factor is None else factor)
    return float(((data / data.max() - sampled) ** 2).sum())


def main(folder):
    files = sorted(pathlib.Path(folder).glob("monkey*/*.mat"))
    of = lambda lo, hi: {file.name: recording(file, lo, hi) for file in files}
    wide, narrow = of(-100, 300), of(-50, 200)
    worst = {}
    for entry in json.loads((here / "scan_n2.json").read_text()):
        p = entry["parameters"]
        names = ("conduction_velocity_mm_s", "l_stim_mm", "l_exc_mm", "l_inh_mm", "tau2_s", "tau1_s")
        model = trial(*(p[name] for name in names))
        if list(model[1].shape) != entry["shape"]:
            print("shape", p, model[1].shape, entry["shape"])
        for name, known in entry["residuals"].items():
            for key, measured, factor in (
                ("own_max_t_m50_200", narrow, None),
                ("factor_t_m100_300", wide, 4 / 58),
            ):
                off = abs(residual(measured[name], model, factor) / known[key] - 1)
                if off > worst.get((key, name), 0):
                    worst[key, name] = off
    for where, off in worst.items():
        print(*where, off)
    if len(worst) != 24 or max(worst.values()) > 1e-9:
        sys.exit("scan_n2.json does not come out: nothing is written")

    ends = {"v_c": (50, 600), "l_stim": (0.2, 2), "l_exc": (1, 7), "l_inh": (1, 7), "tau2": (50, 200), "tau1": (5, 50)}
    axes = [np.linspace(low, high, 5) for low, high in ends.values()]
    points = []
    for point in sorted(random.Random(2018).sample(range(5**6), 40)):
        indices = [int(index) for index in np.unravel_index(point, (5,) * 6)]
        v_c, l_stim, l_exc, l_inh, tau2, tau1 = values = [float(axis[k]) for axis, k in zip(axes, indices)]
        model = trial(v_c, l_stim, l_exc, l_inh, 1e-3 * tau2, 1e-3 * tau1)
        residuals = {name: residual(measured, model, 4 / 58) for name, measured in wide.items()}
        points.append({"indices": indices, "parameters": dict(zip(ends, values)), "residuals": residuals})
    made = {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "t_range": [-100, 300],
        "normalisation": "4/58",
        "points": points,
    }
    (here / "scan_n5.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
