"""Closed forms and quadratures that the posterior's parts are compared with (posterior.json beside this file).

    python3 test/golden/posterior.py > test/golden/posterior.json

Made with Python 3, NumPy 2.4.6 and SciPy 1.17.1.
"""

import json

import numpy as np
from scipy.stats import multivariate_t, truncnorm

levels = [0.05, 0.5, 0.95]


def truncated(mean, sd):
    """Quantiles of a normal distribution between 0 and 1."""
    return truncnorm.ppf(levels, (0 - mean) / sd, (1 - mean) / sd, loc=mean, scale=sd).tolist()


def quadrature(squares, n=2001):
    """Quantiles of both parameters of exp(-squares/2) over the unit square."""
    x = (np.arange(n) + 0.5) / n
    density = np.exp(-0.5 * squares(x[:, None], x[None, :]))
    result = []
    for axis in (1, 0):
        cumulated = np.cumsum(density.sum(axis=axis))
        result.append(np.interp(levels, cumulated / cumulated[-1], (np.arange(n) + 1) / n).tolist())
    return result


rng = np.random.default_rng(1)
values, weights = rng.normal(size=15), rng.uniform(size=15)
weights[4] = 0.0
blocks, frames, reach, memory, shared = 4, 6, 3.0, 0.6, 0.7
space = np.exp(-np.abs(np.subtract.outer(np.arange(blocks), np.arange(blocks))) / reach)
time = memory ** np.abs(np.subtract.outer(np.arange(frames), np.arange(frames)))
covariance = (1 - shared) * np.eye(blocks * frames) + shared * np.kron(space, time)
noise = rng.normal(size=blocks * frames)
other = rng.normal(size=blocks * frames)
scale = np.array([[1.5, 0.3, 0.1], [0.3, 0.8, -0.2], [0.1, -0.2, 0.6]])
mean, place = np.array([0.1, -0.4, 2.0]), np.array([1.0, 0.3, -0.7])

print(
    json.dumps(
        {
            "levels": levels,
            "truncated": [
                {"mean": mean, "sd": sd, "quantiles": truncated(mean, sd)}
                for mean, sd in [(0.3, 0.02), (0.05, 0.1), (1.1, 0.2), (0.5, 3.0)]
            ],
            "banana": quadrature(lambda x, y: ((x - 0.5) / 0.2) ** 2 + ((y - 0.2 - 2 * (x - 0.5) ** 2) / 0.03) ** 2),
            "bimodal": quadrature(lambda x, y: (((x - 0.5) ** 2 - 0.04) / 0.015) ** 2 + ((y - 0.7) / 0.1) ** 2),
            "weighted": {
                "values": values.tolist(),
                "weights": weights.tolist(),
                "levels": [0.0, 0.05, 0.31, 0.5, 0.95, 1.0],
                "quantiles": np.quantile(
                    values, [0.0, 0.05, 0.31, 0.5, 0.95, 1.0], weights=weights, method="inverted_cdf"
                ).tolist(),
            },
            "whitening": {
                "blocks": blocks,
                "noise": {"variance": 1.0, "shared": shared, "memory": memory, "reach": reach},
                "one": noise.tolist(),
                "other": other.tolist(),
                "product": float(noise @ np.linalg.solve(covariance, other)),
                "square": float(noise @ np.linalg.solve(covariance, noise)),
            },
            "student": {
                "mean": mean.tolist(),
                "scale": scale.tolist(),
                "place": place.tolist(),
                "log_density": float(multivariate_t.logpdf(place, loc=mean, shape=scale, df=5)),
            },
        }
    )
)
