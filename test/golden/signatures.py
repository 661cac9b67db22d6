"""signatures.json: the arguments of every public class, function and method of Keras that gradstep may have, in order, with their defaults.

An argument is [name], or [name, default]; `*name` and `**name` take what comes.
"""

import inspect

import keras

from encoding import made

MODULES = (
    "optimizers",
    "optimizers.schedules",
    "layers",
    "losses",
    "metrics",
    "initializers",
    "regularizers",
    "constraints",
    "callbacks",
    "activations",
    "ops",
    "random",
)
# Classes whose methods users call; those of their subclasses are the same.
BASES = {
    "Model": keras.Model,
    "Sequential": keras.Sequential,
    "layers.Layer": keras.layers.Layer,
    "losses.Loss": keras.losses.Loss,
    "metrics.Metric": keras.metrics.Metric,
    "metrics.Mean": keras.metrics.Mean,
    "optimizers.Optimizer": keras.optimizers.Optimizer,
}
ALONE = {
    "Input": keras.Input,
    "Model": keras.Model,
    "Sequential": keras.Sequential,
    "Variable": keras.Variable,
    "modelFromJSON": keras.models.model_from_json,
    "setRandomSeed": keras.utils.set_random_seed,
}
PREFIX = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


def _arguments(called):
    parameters = inspect.signature(called.__init__ if inspect.isclass(called) else called).parameters.values()
    return [
        [PREFIX.get(parameter.kind, "") + parameter.name, *([] if parameter.default is parameter.empty else [parameter.default])]
        for parameter in parameters
        if parameter.name != "self"
    ]


def _module(path):
    found = keras
    for part in path.split("."):
        found = getattr(found, part)
    return found


def _public(holder):
    return [(name, value) for name, value in inspect.getmembers(holder, callable) if not name.startswith("_")]


def document():
    found = {name: called for name, called in ALONE.items()}
    for path in MODULES:
        found |= {f"{path}.{name}": value for name, value in _public(_module(path))}
    for path, base in BASES.items():
        found |= {f"{path}.{name}": value for name, value in _public(base)} | {f"{path}.__call__": base.__call__}
    return {"made": made(), "cases": [{"id": path, "arguments": _arguments(called)} for path, called in sorted(found.items())]}
