"""Drift that a faithful port may have: the same cases with every transcendental function, sum and product taken in float64
and rounded to float32 once. No test may demand more than that: the tolerances of the files are
above the drift measured here (`generate.py --sensitivity`).
"""

import contextlib
from unittest import mock

import numpy as np
from keras.src.backend.numpy import linalg
from keras.src.backend.numpy import numpy as backend

import runner

UNARY = ["cos", "log"]
REDUCTIONS = ["sum", "mean"]


def _rounded(function):
    def replacement(*arguments, **options):
        arrays = [np.asarray(a) for a in arguments]
        floats = any(a.dtype == np.float32 for a in arrays)
        result = function(*(a.astype(np.float64) if a.dtype == np.float32 else a for a in arrays), **options)
        return np.asarray(result).astype(np.float32) if floats else result

    return replacement


def _power(base, exponent):
    # Keras rounds both to float32 first, Python numbers included.
    wide = [np.asarray(x).astype(np.float32).astype(np.float64) for x in (base, exponent)]
    return np.power(*wide).astype(np.float32)


def _reduction(name):
    function = getattr(np, name)
    return _rounded(lambda x, axis=None, keepdims=False: function(x, axis=axis, keepdims=keepdims))


@contextlib.contextmanager
def in_float64():
    with contextlib.ExitStack() as stack:
        for name in UNARY:
            stack.enter_context(mock.patch.object(backend, name, _rounded(getattr(np, name))))
        for name in REDUCTIONS:
            stack.enter_context(mock.patch.object(backend, name, _reduction(name)))
        stack.enter_context(mock.patch.object(backend, "power", _power))
        stack.enter_context(mock.patch.object(backend, "matmul", _rounded(np.matmul)))
        norm = _rounded(lambda x, ord=None, axis=None, keepdims=False: np.sqrt((x * x).sum(axis=axis, keepdims=keepdims)))
        stack.enter_context(mock.patch.object(linalg, "norm", norm))
        yield


def drift(actual, expected, floor):
    """The comparison of README.md, divided by the tolerance."""
    expected = np.asarray(expected, np.float64)
    return float(np.max(np.abs(np.asarray(actual, np.float64) - expected) / np.maximum(np.abs(expected), floor), initial=0.0))


def state_drift(actual, expected):
    worst = 0.0
    for (_, a), (path, e) in zip(actual, expected):
        if e.dtype == np.int32:
            assert np.array_equal(a, e), path
        else:
            worst = max(worst, drift(a, e, max(float(np.max(np.abs(e), initial=0.0)), 1e-30)))
    return worst


def measure(class_name, case, stream, floor):
    expected = runner.run(class_name, case, stream)
    with in_float64():
        actual = runner.run(class_name, case, stream)
    weights = drift(actual["weights"], expected["weights"], floor)
    if "finalized" in expected:
        weights = max(weights, drift(actual["finalized"], expected["finalized"], floor))
    return weights, state_drift(actual["state"], expected["state"])
