"""Derivatives of the transfer function in 40-digit arithmetic (mpmath): writes derivatives.json beside it.

The formulas are those of the paper with the notebook's printed coefficients, as-coded; differences of step
1e-12 Hz at 40 digits leave more than 12 exact ones.
"""
import json
import pathlib

import mpmath as mp

mp.mp.dps = 40
here = pathlib.Path(__file__).parent
printed = json.loads((here / "notebook_printed.json").read_text())["coefficients_mV"]
Qe, Qi, Te, Ti = mp.mpf("1e-9"), mp.mpf("5e-9"), mp.mpf("5e-3"), mp.mpf("5e-3")
Ee, Ei, Gl, Cm, El = mp.mpf(0), mp.mpf("-80e-3"), mp.mpf("10e-9"), mp.mpf("200e-12"), mp.mpf("-65e-3")


def F(P, nu_e, nu_i, X):
    fe, fi = 400 * nu_e, 100 * nu_i
    ge, gi = Qe * Te * fe, Qi * Ti * fi
    G = Gl + ge + gi
    mu = (ge * Ee + gi * Ei + Gl * El) / G
    tm = Cm / G
    ae, ai = (Qe * (Ee - mu) / G * Te) ** 2, (Qi * (Ei - mu) / G * X) ** 2
    sigma = mp.sqrt(fe * ae / (2 * (Te + tm)) + fi * ai / (2 * (Ti + tm))) + mp.mpf("1e-12")
    fe, fi = fe + mp.mpf("1e-9"), fi + mp.mpf("1e-9")
    tau = (fe * ae + fi * ai) / (fe * ae / (Te + tm) + fi * ai / (Ti + tm))
    x, y, z = (mu + mp.mpf("0.06")) * 100, (sigma - mp.mpf("0.004")) / mp.mpf("0.006"), tau * Gl / Cm - mp.mpf("0.5")
    terms = [1, x, y, z, mp.log(G / Gl), x * x, y * y, z * z, x * y, x * z, y * z]
    V = sum(p * t for p, t in zip(P, terms))
    return mp.erfc((V - mu) / (mp.sqrt(2) * sigma)) / (2 * tau)


def jet(f, e, i):
    h = mp.mpf("1e-12")
    at = {(a, b): f(e + a * h, i + b * h) for a in (-1, 0, 1) for b in (-1, 0, 1)}
    return [
        at[0, 0],
        (at[1, 0] - at[-1, 0]) / (2 * h),
        (at[0, 1] - at[0, -1]) / (2 * h),
        (at[1, 0] - 2 * at[0, 0] + at[-1, 0]) / h**2,
        (at[1, 1] + at[-1, -1] - at[1, -1] - at[-1, 1]) / (4 * h**2),
        (at[0, 1] - 2 * at[0, 0] + at[0, -1]) / h**2,
    ]


rows = []
for cell, mV in printed.items():
    P = [mp.mpf(repr(value)) / 1000 for value in mV]
    for reading, X in (("as-coded", Qi), ("as-published", Ti)):
        for e, i in ((6.457, 9.641), (4.0, 1.0), (12.5, 20.0), (40.0, 30.0), (2.0, 0.5), (80.0, 120.0)):
            values = jet(lambda a, b: F(P, a, b, X), mp.mpf(repr(e)), mp.mpf(repr(i)))
            rows.append({"cell": cell, "reading": reading, "nu_e": e, "nu_i": i, "jet": [float(v) for v in values]})
(here / "derivatives.json").write_text(json.dumps(rows, indent=1) + "\n")
