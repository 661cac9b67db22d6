"""Functional models of single operations, as Keras 3.15.1 saves and computes them.

    KERAS_BACKEND=jax python test/golden/operation_models.py           writes operation-models.json
    KERAS_BACKEND=jax python test/golden/operation_models.py --check   opens what gradstep wrote (operations-by-gradstep.json)

Each case has the model's JSON, its inputs and its outputs. The inputs are in INPUTS; names are those of this file.
"""

import json
import pathlib
import sys

import keras
import numpy as np
from keras import ops

HERE = pathlib.Path(__file__).parent
FILE = HERE / "operation-models.json"

rng = np.random.default_rng(5)


def numbers(*shape):
    return np.round(rng.normal(size=shape) * 2, 2).astype("float32")


INPUTS = {
    "x": numbers(3, 4),
    "y": numbers(3, 4),
    "positive": np.abs(numbers(3, 4)) + np.float32(0.25),
    "line": numbers(2, 6, 2),
    "image": numbers(2, 6, 6, 2),
    "one": numbers(3, 4, 1),
    "probabilities": np.round(rng.dirichlet(np.ones(4), 3), 3).astype("float32"),
    "chances": np.round(rng.uniform(0.05, 0.95, (3, 4)), 2).astype("float32"),
    "bits": rng.integers(0, 2, (3, 4)).astype("float32"),
    "indices": rng.integers(0, 4, (3, 2)).astype("int32"),
    "labels": rng.integers(0, 4, (3,)).astype("int32"),
}
W = np.arange(8, dtype="float32").reshape(4, 2) / 4
LINE = np.arange(18, dtype="float32").reshape(3, 2, 3) / 8 - 1
IMAGE = np.arange(24, dtype="float32").reshape(2, 2, 2, 3) / 8 - 1
TRANSPOSED = np.arange(24, dtype="float32").reshape(2, 2, 3, 2) / 8 - 1
DEPTH = np.arange(16, dtype="float32").reshape(2, 2, 2, 2) / 8 - 1

UNARY = "tanh isnan logical_not abs cos exp floor negative sign sin square relu relu6 selu sigmoid silu hard_sigmoid hard_silu softplus softsign erf"
POSITIVE = "log log1p reciprocal sqrt rsqrt"
BINARY = "add divide maximum minimum multiply subtract equal greater greater_equal less less_equal not_equal logical_and logical_or"
REDUCTIONS = "max mean min prod sum std var logsumexp"

CASES = {
    **{name: (["x"], getattr(ops, name)) for name in UNARY.split()},
    **{name: (["positive"], getattr(ops, name)) for name in POSITIVE.split()},
    **{name: (["x", "y"], getattr(ops, name)) for name in BINARY.split()},
    **{name: (["x"], lambda x, f=getattr(ops, name): f(x, axis=-1)) for name in REDUCTIONS.split()},
    **{f"{name}, keepdims": (["x"], lambda x, f=getattr(ops, name): f(x, axis=1, keepdims=True)) for name in REDUCTIONS.split()},
    "power": (["positive", "y"], ops.power),
    "add, a number": (["x"], lambda x: ops.add(x, 2)),
    "subtract, from a number": (["x"], lambda x: ops.subtract(1.5, x)),
    "multiply, an array": (["x"], lambda x: ops.multiply(x, np.array([1, 2, 3, 4], "float32"))),
    "matmul": (["x"], lambda x: ops.matmul(x, W)),
    "matmul of two": (["line", "line"], lambda a, b: ops.matmul(a, ops.transpose(b, (0, 2, 1)))),
    "elu": (["x"], lambda x: ops.elu(x, alpha=0.5)),
    "gelu": (["x"], lambda x: ops.gelu(x, approximate=False)),
    "gelu, approximate": (["x"], ops.gelu),
    "leaky_relu": (["x"], lambda x: ops.leaky_relu(x, negative_slope=0.3)),
    "softmax": (["x"], ops.softmax),
    "softmax, axis": (["line"], lambda x: ops.softmax(x, axis=1)),
    "log_softmax": (["x"], ops.log_softmax),
    "one_hot": (["indices"], lambda x: ops.one_hot(x, 4)),
    "one_hot, axis": (["indices"], lambda x: ops.one_hot(x, 4, axis=1)),
    "conv, a line": (["line"], lambda x: ops.conv(x, LINE, strides=2, padding="same")),
    "conv, an image": (["image"], lambda x: ops.conv(x, IMAGE, padding="valid", dilation_rate=2)),
    "conv_transpose": (["image"], lambda x: ops.conv_transpose(x, TRANSPOSED, strides=2, padding="same")),
    "depthwise_conv": (["image"], lambda x: ops.depthwise_conv(x, DEPTH, strides=2, padding="same")),
    "average_pool": (["image"], lambda x: ops.average_pool(x, 2, strides=2, padding="same")),
    "max_pool": (["image"], lambda x: ops.max_pool(x, (2, 3), strides=1)),
    "binary_crossentropy": (["bits", "chances"], ops.binary_crossentropy),
    "binary_crossentropy, logits": (["bits", "x"], lambda t, o: ops.binary_crossentropy(t, o, from_logits=True)),
    "categorical_crossentropy": (["probabilities", "chances"], ops.categorical_crossentropy),
    "categorical_crossentropy, logits": (["probabilities", "x"], lambda t, o: ops.categorical_crossentropy(t, o, from_logits=True)),
    "sparse_categorical_crossentropy": (["labels", "probabilities"], ops.sparse_categorical_crossentropy),
    "where": (["x", "y"], lambda x, y: ops.where(ops.greater(x, 0), x, y)),
    "where, numbers": (["x"], lambda x: ops.where(ops.less(x, 0), x, 1.0)),
    "concatenate": (["x", "y"], lambda x, y: ops.concatenate([x, y], axis=-1)),
    "split": (["x"], lambda x: ops.split(x, 2, axis=-1)),
    "split, at places": (["x"], lambda x: ops.split(x, [1, 3], axis=1)),
    "stack": (["x", "y"], lambda x, y: ops.stack([x, y], axis=1)),
    "full_like": (["x"], lambda x: ops.full_like(x, 2.5)),
    "ones_like": (["x"], ops.ones_like),
    "zeros_like": (["x"], ops.zeros_like),
    "take": (["x"], lambda x: ops.take(x, np.array([2, 0], "int32"), axis=1)),
    "take of symbolic places": (["indices"], lambda i: ops.take(W, i, axis=0)),
    "clip": (["x"], lambda x: ops.clip(x, -1.0, 1.5)),
    "round": (["x"], ops.round),
    "round, decimals": (["x"], lambda x: ops.round(x, 1)),
    "argmax": (["x"], lambda x: ops.argmax(x, axis=-1)),
    "argmin, keepdims": (["x"], lambda x: ops.argmin(x, axis=1, keepdims=True)),
    "sum of all": (["x"], ops.sum),
    "mean of two axes": (["image"], lambda x: ops.mean(x, axis=(1, 2))),
    "broadcast_to": (["one"], lambda x: ops.broadcast_to(x, (3, 4, 5))),
    "tile": (["x"], lambda x: ops.tile(x, (1, 2))),
    "expand_dims": (["x"], lambda x: ops.expand_dims(x, 1)),
    "reshape": (["x"], lambda x: ops.reshape(x, (-1, 2, 2))),
    "squeeze": (["one"], lambda x: ops.squeeze(x, 2)),
    "transpose": (["line"], lambda x: ops.transpose(x, (0, 2, 1))),
    "pad": (["x"], lambda x: ops.pad(x, ((0, 0), (1, 2)))),
    "pad, a value": (["x"], lambda x: ops.pad(x, ((0, 0), (1, 2)), constant_values=3.0)),
    "top_k": (["x"], lambda x: ops.top_k(x, 2)),
    "in_top_k": (["labels", "x"], lambda t, p: ops.in_top_k(t, p, 2)),
    "cast": (["x"], lambda x: ops.cast(x, "int32")),
    "slice": (["one"], lambda x: ops.slice(x, (0, 1, 0), (3, 2, 1))),
    "stop_gradient": (["x"], ops.stop_gradient),
}


def case(names, function):
    keras.utils.clear_session(free_memory=False)
    used = [f"{name}{i if names.count(name) > 1 else ''}" for i, name in enumerate(names)]
    inputs = [
        keras.Input(INPUTS[name].shape[1:], dtype=str(INPUTS[name].dtype), name=used[i], batch_size=3 if name == "one" else None)
        for i, name in enumerate(names)
    ]
    made = function(*inputs)
    outputs = list(made) if isinstance(made, (tuple, list)) else [made]
    model = keras.Model(inputs, outputs, name="m")
    given = [INPUTS[name] for name in names]
    # In a model, ConvTranspose of Keras 3.15.1 mixes up its arguments.
    made = function(*given) if function is CASES["conv_transpose"][1] else model(given)
    results = [ops.convert_to_numpy(one) for one in (made if isinstance(made, (tuple, list)) else [made])]
    return {
        "inputs": list(names),
        "json": json.loads(model.to_json()),
        "shapes": [list(one.shape) for one in outputs],
        "outputs": [{"shape": list(one.shape), "values": one.astype("float64").ravel().tolist()} for one in results],
    }


def document():
    return {
        "made": f"Keras {keras.__version__}, {keras.backend.backend()}, by operation_models.py",
        "inputs": {n: {"shape": list(a.shape), "dtype": str(a.dtype), "values": a.astype("float64").ravel().tolist()} for n, a in INPUTS.items()},
        "cases": {name: case(*one) for name, one in CASES.items()},
    }


def check():
    wanted = json.loads(FILE.read_text())["cases"]
    ours = json.loads((HERE / "operations-by-gradstep.json").read_text())
    assert ours.keys() == wanted.keys()
    left = []
    for name, saved in ours.items():
        model = keras.models.model_from_json(json.dumps(saved))
        given = [INPUTS[one] for one in wanted[name]["inputs"]]
        try:
            keras.models.model_from_json(json.dumps(wanted[name]["json"]))(given)
        except (AttributeError, TypeError):
            # Keras 3.15.1 cannot compute what it reads of itself: lists for tuples, arguments mixed up.
            left.append(name)
            continue
        made = model(given)
        for got, one in zip(made if isinstance(made, (tuple, list)) else [made], wanted[name]["outputs"], strict=True):
            got = ops.convert_to_numpy(got)
            assert list(got.shape) == one["shape"], name
            assert np.allclose(got.astype("float64").ravel(), one["values"], rtol=1e-5, atol=1e-5), name
    print(f"{len(ours)} models of gradstep opened, results equal; Keras cannot compute its own of {left}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    else:
        FILE.write_text(json.dumps(document()) + "\n")
