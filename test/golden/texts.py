"""texts.json: the texts that stringify writes, read by real Keras. Each argument must be of the kind that the default in Keras's
signature has, and optimizers, schedules and models must do what their numbers say; what Keras makes of them is kept for the test.

`node test/golden/texts.mjs` writes the texts anew.
"""

import inspect
import json

import keras
import numpy as np
from keras.src import activations, constraints, initializers, losses, metrics, optimizers, regularizers

from encoding import made, read
from runner import make_variable

# Defaults that Keras writes as integers, of arguments that it takes for floats.
INTEGER_DEFAULTS = {("Muon", "adam_lr_ratio"), ("MaxNorm", "max_value"), ("BinaryCrossentropy", "label_smoothing"), ("CategoricalCrossentropy", "label_smoothing")}
# Names that each family's get knows.
NAMES = {
    "keras.optimizers": optimizers.ALL_OBJECTS_DICT,
    "keras.losses": losses.ALL_OBJECTS_DICT,
    "keras.metrics": metrics.ALL_OBJECTS_DICT,
    "keras.initializers": initializers.ALL_OBJECTS_DICT,
    "keras.regularizers": regularizers.ALL_OBJECTS_DICT,
    "keras.constraints": constraints.ALL_OBJECTS_DICT,
    "keras.activations": activations.ALL_OBJECTS_DICT,
}
STEPS = [0, 1, 5, 10, 15, 20, 60, 200]


def _module(saved):
    return {
        "keras.optimizers": keras.optimizers,
        "keras.optimizers.schedules": keras.optimizers.schedules,
        "keras.layers": keras.layers,
        "keras.losses": keras.losses,
        "keras.metrics": keras.metrics,
        "keras.initializers": keras.initializers,
        "keras.regularizers": keras.regularizers,
        "keras.constraints": keras.constraints,
    }.get(saved.get("module"))


def _kinds(made):
    """"float" or "integer" for each argument of a class whose default is a number, or a list of numbers."""
    kinds = {}
    for name, parameter in inspect.signature(made.__init__).parameters.items():
        default = parameter.default
        first = default[0] if isinstance(default, (list, tuple)) and default else default
        if isinstance(first, bool) or not isinstance(first, (int, float)):
            continue
        is_meant = (made.__name__, name) in INTEGER_DEFAULTS and isinstance(first, int)
        kinds[name] = "float" if isinstance(first, float) or is_meant else "integer"
    return kinds


def _check_kinds(where, saved):
    """A float where Keras's default is one, an integer where it is one; in everything inside too."""
    if isinstance(saved, list):
        for entry in saved:
            _check_kinds(where, entry)
    if not isinstance(saved, dict):
        return
    module = _module(saved)
    if module is not None and isinstance(saved.get("config"), dict):
        kinds = _kinds(getattr(module, saved["class_name"]))
        for name, value in saved["config"].items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or name not in kinds:
                continue
            if isinstance(value, float) != (kinds[name] == "float"):
                raise AssertionError(f"{where}: {saved['class_name']}.{name} is {value!r}, and not of the kind {kinds[name]}")
    for value in saved.values():
        _check_kinds(where, value)


def _steps(optimizer):
    variable = make_variable("layer/weight", np.array([1.0, -2.0], np.float32))
    for _ in range(3):
        optimizer.apply([np.array([0.5, 0.25], np.float32)], [variable])
    return [float(value) for value in variable.numpy()]


def _expected(saved, text):
    if "compile_config" in saved:
        model = keras.models.model_from_json(text)
        model.optimizer.build(model.trainable_variables)
        kwargs = [node["kwargs"] for layer in saved["config"]["layers"] for node in layer.get("inbound_nodes", [])]
        again = json.loads(model.to_json())["config"]["layers"]
        if kwargs != [node["kwargs"] for layer in again for node in layer.get("inbound_nodes", [])]:
            raise AssertionError("the calls' arguments are others")
        return {"learning_rate": float(model.optimizer.learning_rate), "kwargs": kwargs}
    module = _module(saved)
    made_again = module.deserialize(saved)
    if isinstance(made_again, str):
        raise AssertionError("Keras does not know the class")
    if module is keras.optimizers.schedules:
        return {"rates": [float(made_again(np.int32(step))) for step in STEPS]}
    if module is keras.optimizers:
        return {"weights": _steps(made_again)}
    again = made_again.get_config()
    for name, value in saved["config"].items():
        if isinstance(value, (int, float, list)) and name in again and name != "axis":
            if json.loads(json.dumps(again[name])) != value:
                raise AssertionError(f"{name} became {again[name]!r}")
    return {}


def _names():
    return [
        {"module": module, "name": name, "of": found.__name__}
        for module, known in NAMES.items()
        for name, found in sorted(known.items())
    ]


def document():
    cases = []
    for case in read("texts.json")["cases"]:
        saved = json.loads(case["text"])
        _check_kinds(case["id"], saved)
        try:
            expected = _expected(saved, case["text"])
        except Exception as error:
            raise AssertionError(f"{case['id']}: {case['text']}") from error
        cases.append({"id": case["id"], "text": case["text"], "made_of_it": expected})
    arguments = []
    for entry in read("texts.json")["arguments"]:
        found = getattr(_module(entry), entry["name"], None)
        if found is None:  # Keras lacks it.
            continue
        arguments.append({"module": entry["module"], "name": entry["name"], "kinds": _kinds(found)})
    known = {(entry["name"], name) for entry in arguments for name in entry["kinds"]}
    if not INTEGER_DEFAULTS <= known:
        raise AssertionError(f"not in Keras's signatures: {INTEGER_DEFAULTS - known}")
    return {"made": made(), "steps": STEPS, "cases": cases, "arguments": arguments, "names": _names()}
