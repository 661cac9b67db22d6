"""layers.json: what every layer gives for fixed weights and inputs, and its gradients."""

import zlib

import jax
import keras
import numpy as np

from arrays import FLOAT, Draw, record
from convolution_cases import CONVOLUTIONS
from layer_cases import LAYERS
from versions import fresh_names, made

TOLERANCE = 1e-5
GRADIENT_TOLERANCE = 2e-5
FLOOR = 0.1


def _inputs(case, draw):
    if "indices" in case:
        return [draw.whole(shape, case["indices"]) for shape in case["shapes"]]
    if "values" in case:
        return [np.array(case["values"], np.float32).reshape(shape) for shape in case["shapes"]]
    return [draw.bell(shape, case.get("scale", 1.0)) for shape in case["shapes"]]


def _fill(layer, draw):
    """Weights off their initial values; variances positive."""
    values = []
    for weight in layer.weights:
        if weight.name in ("moving_variance", "variance", "gamma"):
            values.append(draw.uniform(weight.shape, 0.4, 1.8))
        elif weight.name == "count":
            values.append(np.zeros(weight.shape))
        else:
            values.append(draw.bell(weight.shape, 0.5))
    layer.set_weights(values)
    if isinstance(layer, keras.layers.Normalization):
        layer.finalize_state()  # as after loading: it keeps copies
    return values


def _weights(layer, values):
    return [record(np.asarray(value), name=weight.name) for weight, value in zip(layer.weights, values)]


def _gradients(layer, inputs, training, draw, shape):
    """Of sum(output * upstream), by the inputs and by the trainable weights."""
    upstream = draw.bell(shape)
    frozen = [v.value for v in layer.non_trainable_variables]

    def scalar(weights, xs):
        y, _ = layer.stateless_call(weights, frozen, xs if len(xs) > 1 else xs[0], **training)
        return (y * upstream.astype(FLOAT)).sum()

    trainable = [v.value for v in layer.trainable_variables]
    if inputs[0].dtype == np.int32:
        by_weights, by_inputs = jax.grad(scalar)(trainable, inputs), [None] * len(inputs)
    else:
        by_weights, by_inputs = jax.grad(scalar, argnums=(0, 1))(trainable, inputs)
    return {
        "upstream": record(upstream),
        "inputs": [None if g is None else record(g) for g in by_inputs],
        "weights": [record(g, name=v.name) for v, g in zip(layer.trainable_variables, by_weights)],
    }


def _case(case):
    fresh_names()
    draw = Draw(zlib.crc32(case["id"].encode()))
    layer = getattr(keras.layers, case["class_name"])(**case["config"])
    raw = _inputs(case, draw)
    inputs = [x if x.dtype == np.int32 else x.astype(FLOAT) for x in raw]
    shapes = [x.shape for x in inputs]
    if not layer.built:
        layer.build(shapes if len(shapes) > 1 else shapes[0])
    values = _fill(layer, draw)
    takes_training = layer._call_has_training_arg
    training = {"training": case.get("training", False)} if takes_training else {}
    batches = [(None, *shape[1:]) for shape in shapes]
    result = {
        "id": case["id"],
        "class_name": case["class_name"],
        "config": case["config"],
        "training": case.get("training", False),
        "inputs": [record(x, "int32" if x.dtype == np.int32 else "float32") for x in raw],
        "weights": _weights(layer, values),
        "outputShape": list(layer.compute_output_shape(batches if len(batches) > 1 else batches[0])),
    }
    if case.get("gradients", True):
        expected_shape = layer.compute_output_shape(shapes if len(shapes) > 1 else shapes[0])
        gradients = _gradients(layer, inputs, training, draw, expected_shape)
    output = layer(inputs if len(inputs) > 1 else inputs[0], **training)
    result["expected"] = record(output)
    after = layer.get_weights()
    if any(not np.array_equal(a, np.asarray(b, a.dtype)) for a, b in zip(after, values)):
        result["expectedWeightsAfter"] = _weights(layer, after)
    if case.get("gradients", True):
        result["gradients"] = gradients
    return result


def document():
    return {
        "made": made(),
        "tolerance": TOLERANCE,
        "gradientTolerance": GRADIENT_TOLERANCE,
        "floor": FLOOR,
        "cases": [_case(case) for case in [*LAYERS, *CONVOLUTIONS]],
    }
