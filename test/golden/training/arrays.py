"""Arrays in the files, and numbers to fill them with.

Every array is `{ shape, data, dtype? }`: base64 of little-endian bytes, float32 unless `dtype` says otherwise.
"""

import base64
import math
import random

import numpy as np

import jax_pinning

DTYPES = {"float32": "<f4", "int32": "<i4", "uint8": "|u1"}
FLOAT = np.float64 if jax_pinning.FLOAT64 else np.float32


def record(value, dtype="float32", **extra):
    array = np.asarray(value)
    if dtype == "float32" and not np.isfinite(array).all():
        raise ValueError(f"NaN or infinity in a golden file: {array}")
    data = base64.b64encode(np.ascontiguousarray(array.astype(DTYPES[dtype])).tobytes()).decode()
    return {**extra, "shape": list(array.shape), **({} if dtype == "float32" else {"dtype": dtype}), "data": data}


def restore(stored):
    """The array of a record, in the precision of this run."""
    dtype = stored.get("dtype", "float32")
    array = np.frombuffer(base64.b64decode(stored["data"]), DTYPES[dtype]).reshape(stored["shape"])
    return array.astype(FLOAT if dtype == "float32" else np.int32)


class Draw:
    """Numbers from a seed: `random.Random` promises its bits on every machine, which numpy does not."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def uniform(self, shape, low=-1.0, high=1.0):
        values = [low + (high - low) * self.random.random() for _ in range(math.prod(shape))]
        return np.array(values, np.float32).reshape(shape)

    def bell(self, shape, scale=1.0):
        """Near-normal, mean 0: four uniforms."""
        values = [(sum(self.random.random() for _ in range(4)) - 2.0) * math.sqrt(3.0) * scale for _ in range(math.prod(shape))]
        return np.array(values, np.float32).reshape(shape)

    def whole(self, shape, stop):
        return np.array([self.random.randrange(stop) for _ in range(math.prod(shape))], np.int32).reshape(shape)

    def probabilities(self, shape):
        """Rows that sum to 1 up to rounding."""
        values = np.exp(self.bell(shape).astype(np.float64))
        return np.round(values / values.sum(axis=-1, keepdims=True), 6).astype(np.float32)
