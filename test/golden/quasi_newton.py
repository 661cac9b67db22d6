"""LBFGS of torch with its strong-Wolfe line search, in float64: weights and evaluations after each call of `step`.

`quasi-newton.json`, read by test/conformance/lbfgs.test.ts.
"""

import numpy as np

import encoding
from options_beyond import _encoded, _wave

INPUTS = _wave([8, 2], 3, 1.0)
TARGETS = _wave([8, 1], 4, 0.8)


def _rosenbrock(torch, weights):
    (w,) = weights
    return 100 * (w[1] - w[0] ** 2) ** 2 + (1 - w[0]) ** 2


def _quadratic(torch, weights):
    a, b = weights
    scale = torch.arange(1, 7, dtype=torch.float64)
    return 0.5 * (scale * (a - 1) ** 2).sum() + 2 * ((b + 0.5) ** 2).sum() + 0.25 * (a.sum() + b.sum()) ** 2


def _network(torch, weights):
    kernel, bias, out = weights
    x, y = (torch.tensor(values.tolist(), dtype=torch.float64) for values in (INPUTS, TARGETS))
    return ((torch.tanh(x @ kernel + bias) @ out - y) ** 2).mean()


# No call begins so near the minimum that losses which a line search compares are equal in float32.
CASES = [
    ("rosenbrock", _rosenbrock, [np.array([-1.2, 1.0], np.float32)], {"max_iter": 5}, 4),
    ("rosenbrock", _rosenbrock, [np.array([-1.2, 1.0], np.float32)], {"max_iter": 6, "history_size": 2}, 3),
    ("quadratic", _quadratic, [_wave([6], 1, 2.0), _wave([2, 2], 2, 2.0)], {"max_iter": 4}, 2),
    ("quadratic", _quadratic, [_wave([6], 1, 2.0), _wave([2, 2], 2, 2.0)], {"max_iter": 3, "lr": 0.5}, 3),
    ("network", _network, [_wave([2, 4], 5, 0.5), _wave([4], 6, 0.5), _wave([4, 1], 7, 0.5)], {"max_iter": 4}, 4),
    ("network", _network, [_wave([2, 4], 5, 0.5), _wave([4], 6, 0.5), _wave([4, 1], 7, 0.5)], {"max_iter": 20, "max_eval": 6}, 3),
]
NAMES = {"lr": "learning_rate"}


def _run(loss, start, options, calls):
    import torch
    import torch_packages

    weights = [torch_packages.parameter(np.asarray(w, np.float64)) for w in start]
    optimizer = torch.optim.LBFGS(weights, line_search_fn="strong_wolfe", **options)
    count = 0

    def closure():
        nonlocal count
        count += 1
        optimizer.zero_grad()
        value = loss(torch, weights)
        value.backward()
        return value

    steps = []
    for _ in range(calls):
        optimizer.step(closure)
        steps.append({"evaluations": count, "weights": _encoded([torch_packages.array(w) for w in weights])})
    return steps


def document():
    return {
        "made": encoding.made(),
        "source": 'torch 1.13.1: LBFGS with line_search_fn="strong_wolfe"',
        "inputs": _encoded([INPUTS])[0],
        "targets": _encoded([TARGETS])[0],
        "cases": [
            {
                "loss": name,
                "shapes": [list(np.shape(w)) for w in start],
                "weights": _encoded(start),
                "config": {NAMES.get(key, key): value for key, value in options.items()},
                "steps": _run(loss, start, options, calls),
            }
            for name, loss, start, options, calls in CASES
        ],
    }
