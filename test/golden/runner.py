"""Runs one case through Keras."""

import inspect
import warnings

import keras
import numpy as np

import beyond
from encoding import DTYPES, encode


BEYOND = {cls.__name__: cls for cls in beyond.CLASSES}
"""Optimizers that Keras lacks, by their names."""


def class_called(class_name):
    return BEYOND.get(class_name) or getattr(keras.optimizers, class_name)


def build_optimizer(class_name, config):
    config = dict(config)
    if isinstance(config.get("learning_rate"), dict):
        config["learning_rate"] = keras.optimizers.schedules.deserialize(config["learning_rate"])
    if "inner_optimizer" in config:
        inner = config["inner_optimizer"]
        config["inner_optimizer"] = build_optimizer(inner["class_name"], inner["config"])
    return class_called(class_name)(**config)


def make_variable(path, value):
    # A Keras variable's name may not hold a slash: the folder part of a path comes from the scope.
    folder, _, name = path.rpartition("/")
    if not folder:
        return keras.Variable(value, name=name)
    with keras.name_scope(folder):
        return keras.Variable(value, name=name)


def fresh_names():
    """Automatic names count up over a process; every case starts them anew."""
    keras.utils.clear_session(free_memory=False)


def _flat(variables):
    return np.concatenate([np.asarray(v.numpy()).reshape(-1) for v in variables])


def _with_late(optimizer, gradients, variables):
    """Keras loses what a variable has gathered that has no gradient in the updating call. A gradient of 0 keeps it."""
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    calls = inner.gradient_accumulation_steps
    if not calls or not inner.built or (int(inner._iterations.numpy()) + 1) % calls != 0:
        return gradients
    gathered = [np.asarray(inner._accumulated_gradients[inner._get_variable_index(v)].numpy()) for v in variables]
    return [np.zeros_like(sums) if g is None and sums.any() else g for g, sums in zip(gradients, gathered)]


def run(class_name, case, stream):
    """Weights after each step, optimizer variables after the last, averages if any, and the config."""
    fresh_names()
    optimizer = build_optimizer(class_name, case["config"])
    variables = [make_variable(p, v) for (p, _), v in zip(stream.variables, stream.split(stream.start))]
    assert [v.path for v in variables] == [p for p, _ in stream.variables]
    if case.get("excludeFromWeightDecay"):
        optimizer.exclude_from_weight_decay(var_names=case["excludeFromWeightDecay"])
    weights = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # Keras warns at each missing gradient
        for step, flat in enumerate(stream.gradients):
            gone = stream.missing.get(step, [])
            gradients = [None if i in gone else g for i, g in enumerate(stream.split(flat))]
            optimizer.apply(_with_late(optimizer, gradients, variables), variables)
            weights.append(_flat(variables))
    weights = np.stack(weights)
    state = [(v.path, np.asarray(v.numpy())) for v in optimizer.variables]
    outcome = {"weights": weights, "state": state, "savedConfig": optimizer.get_config()}
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    if inner.use_ema or getattr(inner, "AVERAGES", False):
        optimizer.finalize_variable_values(variables)
        outcome["finalized"] = _flat(variables)
    for array in [weights, *(value for _, value in state)]:
        if not np.isfinite(array).all():
            raise ValueError(f"{class_name}, case {case['id']!r}: Keras gives NaN or infinity; do not record it")
    return outcome


def as_json(case, outcome):
    record = {**case, "expected": encode(outcome["weights"])}
    if "finalized" in outcome:
        record["finalized"] = encode(outcome["finalized"])
    record["state"] = []
    for path, value in outcome["state"]:
        dtype = str(value.dtype)
        assert dtype in DTYPES, (path, dtype)
        record["state"].append({"path": path, "shape": list(value.shape), "dtype": dtype, "data": encode(value, dtype)})
    record["savedConfig"] = outcome["savedConfig"]
    return record


def keras_defaults(class_name):
    """Constructor arguments that have a default, in Keras's order."""
    parameters = inspect.signature(class_called(class_name).__init__).parameters
    return {name: p.default for name, p in parameters.items() if p.default is not inspect.Parameter.empty}
