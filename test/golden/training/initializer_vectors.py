"""initializers.json: what is certain about initializers, and what regularizers and constraints give."""

import zlib
from unittest import mock

import jax
import keras
import numpy as np
from keras.src.initializers import random_initializers

from arrays import FLOAT, Draw, record
from initializer_cases import (
    CONSTANTS, CONSTRAINT_NAMES, CONSTRAINTS, FAN_SHAPES, NAMES, ORTHOGONAL, REGULARIZED, REGULARIZER_NAMES, REGULARIZERS, SCALINGS,
)
from versions import fresh_names, made

TOLERANCE = 1e-5
FLOOR = 0.1


def _spread(class_name, config, shape):
    """What the initializer asks of its generator: the arguments of keras.random, caught."""
    asked = {}

    def note(distribution):
        def catch(shape, dtype=None, seed=None, **arguments):
            asked.update(distribution=distribution, **arguments)
            return np.zeros(shape)

        return catch

    names = {"uniform": "uniform", "normal": "normal", "truncated_normal": "truncated_normal"}
    with mock.patch.multiple(random_initializers.random, **{name: note(kind) for name, kind in names.items()}):
        getattr(keras.initializers, class_name)(**config)(tuple(shape))
    return asked


def _scalings():
    for class_name, config in SCALINGS:
        for shape in FAN_SHAPES:
            words = ", ".join([class_name, *(f"{k} {v}" for k, v in config.items()), str(shape)])
            yield {"id": words, "class_name": class_name, "config": config, "initializedShape": shape, **_spread(class_name, config, shape)}


def _constants():
    for class_name, config, shape in CONSTANTS:
        value = getattr(keras.initializers, class_name)(**config)(tuple(shape))
        yield {"class_name": class_name, "config": config, "expected": record(value)}


def _check_orthogonal():
    """The property that the file states: along the longer side, columns (or rows) times gain are orthonormal."""
    for shape, gain in ORTHOGONAL:
        flat = np.asarray(keras.initializers.Orthogonal(gain=gain, seed=3)(shape), np.float64).reshape(-1, shape[-1])
        product = flat.T @ flat if flat.shape[0] >= flat.shape[1] else flat @ flat.T
        assert np.allclose(product, gain * gain * np.eye(len(product)), atol=1e-5)
        yield {"initializedShape": shape, "gain": gain}


def _configs(module, names):
    return [{"name": name, "serialized": module.serialize(module.get(name))} for name in names]


def _regularizers():
    for class_name, config in REGULARIZERS:
        for shape in REGULARIZED:
            label = ", ".join([class_name, *(f"{k} {v}" for k, v in config.items()), str(shape)])
            values = Draw(zlib.crc32(label.encode())).bell(shape)
            penalty = getattr(keras.regularizers, class_name)(**config)
            value, gradient = jax.value_and_grad(lambda x: penalty(x).sum())(values.astype(FLOAT))
            yield {
                "id": label, "class_name": class_name, "config": config, "values": record(values), "expected": record(value), "gradient": record(gradient),
            }


def _constraints():
    for class_name, config, shape in CONSTRAINTS:
        label = ", ".join([class_name, *(f"{k} {v}" for k, v in config.items()), str(shape)])
        values = Draw(zlib.crc32(label.encode())).bell(shape)
        result = getattr(keras.constraints, class_name)(**config)(values.astype(FLOAT))
        yield {"id": label, "class_name": class_name, "config": config, "values": record(values), "expected": record(result)}


def document():
    fresh_names()
    return {
        "made": made(),
        "tolerance": TOLERANCE,
        "floor": FLOOR,
        "fans": [{"initializedShape": shape, "fans": list(random_initializers.compute_fans(shape))} for shape in FAN_SHAPES],
        "constants": list(_constants()),
        "orthogonal": list(_check_orthogonal()),
        "names": _configs(keras.initializers, NAMES),
        "regularizerNames": _configs(keras.regularizers, REGULARIZER_NAMES),
        "constraintNames": _configs(keras.constraints, CONSTRAINT_NAMES),
        "regularizers": list(_regularizers()),
        "constraints": list(_constraints()),
        "cases": list(_scalings()),
    }
