"""The streams: starting weights and 100 steps of gradients, from seeds.

Only uniform draws of `random.Random` and exact float operations are used: Python guarantees their bits on every machine,
which numpy does not promise for its generators.
"""

import math
import random

import numpy as np

from encoding import encode

STEPS = 100

# Lengths mod 4 are 3, 3, 0, 2, 1, 1: every tail of a four-lane loop. Both orientations of a matrix for Muon.
FULL = [
    ("dense/kernel", [5, 3]),
    ("dense/bias", [3]),
    ("conv/kernel", [2, 2, 3]),
    ("embedding/table", [7, 2]),
    ("scale", []),
    ("wide/kernel", [3, 7]),
]
# The same kinds in fewer values, so that many cases fit in the files.
MEDIUM = [
    ("dense/kernel", [4, 3]),
    ("dense/bias", [3]),
    ("embedding/table", [4, 2]),
    ("scale", []),
    ("wide/kernel", [2, 3]),
]
SMALL = [
    ("dense/kernel", [4, 2]),
    ("dense/bias", [2]),
    ("embedding/table", [3, 2]),
    ("scale", []),
    ("wide/kernel", [2, 3]),
]


def _bell(draw):
    """Near-normal, mean 0 and deviation 1, in exact operations: four uniforms."""
    return (sum(draw.random() for _ in range(4)) - 2.0) * math.sqrt(3.0)


def _signed_power(draw, low, high):
    """A magnitude between 2^low and 2^high, even over the exponents, with a random sign."""
    magnitude = math.ldexp(1.0 + draw.random(), draw.randrange(low, high))
    return magnitude if draw.random() < 0.5 else -magnitude


class Stream:
    def __init__(self, seed, variables):
        self.draw = random.Random(seed)
        self.variables = variables
        self.sizes = [math.prod(shape) for _, shape in variables]
        self.total = sum(self.sizes)
        self.start = np.array([0.5 * _bell(self.draw) for _ in range(self.total)], np.float32)
        # A part that stays, so that momentum and the means have something to find.
        self.drift = np.array([0.06 * _bell(self.draw) for _ in range(self.total)])
        self.gradients = np.zeros((STEPS, self.total), np.float32)
        self.missing = {}

    def normal(self, scale=1.0):
        for step in range(STEPS):
            noise = np.array([0.1 * _bell(self.draw) for _ in range(self.total)])
            self.gradients[step] = (noise + self.drift) * scale
        return self

    def slices(self):
        ends = np.cumsum(self.sizes)
        return [slice(int(end) - size, int(end)) for end, size in zip(ends, self.sizes)]

    def split(self, flat):
        return [flat[part].reshape(shape) for part, (_, shape) in zip(self.slices(), self.variables)]

    def as_json(self):
        return {
            "variables": [
                {"name": name, "shape": shape, "start": encode(start)}
                for (name, shape), start in zip(self.variables, self.split(self.start))
            ],
            "steps": STEPS,
            "gradients": encode(self.gradients),
            "missing": {str(step): gone for step, gone in self.missing.items()},
        }


def _wide():
    stream = Stream(2, MEDIUM)
    for step in range(STEPS):
        # 2^-20 is 1e-6 and 2^13 is 8e3. Each even step stays in a separate band, odd ones mix all magnitudes.
        low, high = (-20, 13) if step % 2 else ((step * 7) % 29 - 20, (step * 7) % 29 - 16)
        stream.gradients[step] = [_signed_power(stream.draw, low, high) for _ in range(stream.total)]
    return stream


def _sparse():
    """Four of five elements are zero, and the last row of every matrix always is.

    The first step is dense elsewhere, because a column that is dead at the first step makes Keras's Adafactor 0/0.
    """
    stream = Stream(3, MEDIUM).normal()
    for step in range(1, STEPS):
        keep = np.array([stream.draw.random() < 0.2 for _ in range(stream.total)])
        stream.gradients[step] *= keep
    for part, (_, shape) in zip(stream.slices(), stream.variables):
        if len(shape) > 1:
            stream.gradients[:, part.stop - shape[-1] : part.stop] = 0.0
    return stream


def _gaps():
    """Each variable lacks its gradient at a fourth of the steps, never all of them at once."""
    stream = Stream(4, MEDIUM).normal()
    for step in range(STEPS):
        gone = [i for i in range(len(stream.sizes)) if stream.draw.random() < 0.25]
        if gone and len(gone) < len(stream.sizes):
            stream.missing[step] = gone
            for index in gone:
                stream.gradients[step, stream.slices()[index]] = 0.0
    return stream


def _large():
    """Norms from far below to far above 1, so that a clip at 1 acts on some steps only."""
    stream = Stream(5, SMALL).normal()
    for step in range(STEPS):
        stream.gradients[step] *= math.ldexp(1.0, stream.draw.randrange(-3, 8))
    return stream


def _overflow():
    """Scaled losses: gradients near 10, with an infinity or a NaN at some steps, the first included, twice in a row too."""
    stream = Stream(6, SMALL).normal(64.0)
    bad = [math.inf, -math.inf, math.nan]
    for count, step in enumerate([0, 7, 8, 15, 21, 22, 23, 34, 41, 47, 55, 56, 63, 71, 78, 79, 88, 95, 99]):
        where = stream.draw.randrange(stream.total)
        stream.gradients[step, where] = bad[count % 3]
    return stream


def make_streams():
    return {
        "plain": Stream(1, FULL).normal(),
        "compact": Stream(7, SMALL).normal(),
        "wide": _wide(),
        "sparse": _sparse(),
        "gaps": _gaps(),
        "large": _large(),
        "overflow": _overflow(),
    }
