"""losses.json: every loss class with every reduction and kind of weights, its gradient by the predictions, and the plain functions."""

import zlib

import jax
import keras
import numpy as np

from arrays import FLOAT, Draw, record
from loss_cases import FUNCTIONS, RANKS, REDUCTIONS, TABLE
from versions import fresh_names, made

TOLERANCE = 1e-5
FLOOR = 0.1
ROWS, CLASSES = 8, 5


def _one_hot(labels):
    return np.eye(CLASSES, dtype=np.float32)[labels]


def _certain(draw):
    """Probabilities of exactly 0 and 1: what the clip does."""
    return _one_hot(np.array([0, 1, 2, 3, 4, 0, 1, 2])), _one_hot(np.array([0, 2, 1, 3, 0, 0, 1, 4]))


def _with_ignored(draw):
    labels = draw.whole([ROWS], CLASSES)
    labels[[1, 6]] = -1
    return labels


DATA = {
    "real": lambda d: (d.bell([ROWS, CLASSES]), d.bell([ROWS, CLASSES])),
    "positive": lambda d: (d.uniform([ROWS, CLASSES], 0.0, 3.0), d.uniform([ROWS, CLASSES], 0.1, 3.0)),
    "binary": lambda d: (d.whole([ROWS, CLASSES], 2).astype(np.float32), d.uniform([ROWS, CLASSES], 0.02, 0.98)),
    "binary logits": lambda d: (d.whole([ROWS, CLASSES], 2).astype(np.float32), d.bell([ROWS, CLASSES], 2.0)),
    "binary real": lambda d: (d.whole([ROWS, CLASSES], 2).astype(np.float32), d.bell([ROWS, CLASSES])),
    "signs": lambda d: (2.0 * d.whole([ROWS, CLASSES], 2).astype(np.float32) - 1.0, d.bell([ROWS, CLASSES])),
    "classes": lambda d: (_one_hot(d.whole([ROWS], CLASSES)), d.probabilities([ROWS, CLASSES])),
    "unscaled classes": lambda d: (_one_hot(d.whole([ROWS], CLASSES)), d.uniform([ROWS, CLASSES], 0.1, 2.0)),
    "certain classes": _certain,
    "class logits": lambda d: (_one_hot(d.whole([ROWS], CLASSES)), d.bell([ROWS, CLASSES], 2.0)),
    "classes on axis 1": lambda d: (
        np.swapaxes(_one_hot(d.whole([4, 3], CLASSES)), 1, 2), np.swapaxes(d.probabilities([4, 3, CLASSES]), 1, 2)
    ),
    "class logits on axis 1": lambda d: (np.swapaxes(_one_hot(d.whole([4, 3], CLASSES)), 1, 2), d.bell([4, CLASSES, 3], 2.0)),
    "sparse": lambda d: (d.whole([ROWS], CLASSES), d.probabilities([ROWS, CLASSES])),
    "sparse column": lambda d: (d.whole([ROWS, 1], CLASSES), d.probabilities([ROWS, CLASSES])),
    "sparse logits": lambda d: (d.whole([ROWS], CLASSES), d.bell([ROWS, CLASSES], 2.0)),
    "sparse with -1 logits": lambda d: (_with_ignored(d), d.bell([ROWS, CLASSES], 2.0)),
    "sparse sequence logits": lambda d: (d.whole([4, 3], CLASSES), d.bell([4, 3, CLASSES], 2.0)),
    "distributions": lambda d: (d.probabilities([ROWS, CLASSES]), d.probabilities([ROWS, CLASSES])),
}


def _weights(draw, values):
    """Kinds of sample weights that fit values of this shape; a zero is among them."""
    kinds = {"none": None}
    if values.ndim == 0:
        return kinds
    rows = draw.uniform([values.shape[0]], 0.0, 2.0)
    rows[1] = 0.0
    kinds["per sample"] = rows
    if values.ndim == 1:
        kinds["column"] = draw.uniform([values.shape[0], 1], 0.0, 2.0)
        kinds["scalar"] = np.float32(0.7)
    else:
        kinds["per sample"] = rows.reshape([-1] + [1] * (values.ndim - 1))
        kinds["per element"] = draw.uniform(values.shape, 0.0, 2.0)
    return kinds


def _stored(array):
    return record(array, "int32" if array.dtype == np.int32 else "float32")


def _value_and_gradient(loss, y_true, y_pred, weights, upstream):
    def scalar(p):
        value = loss(y_true, p, sample_weight=weights)
        return (value * upstream).sum() if upstream is not None else value

    return loss(y_true, y_pred, sample_weight=weights), jax.grad(scalar)(y_pred)


def _case(class_name, config, reduction, kind, weights, y_true, y_pred, label, draw):
    loss = getattr(keras.losses, class_name)(**config, reduction=reduction)
    prediction = y_pred.astype(FLOAT)
    truth = y_true if y_true.dtype == np.int32 else y_true.astype(FLOAT)
    scaled = None if weights is None else np.asarray(weights, FLOAT)
    shape = loss(truth, prediction, sample_weight=scaled).shape
    upstream = draw.bell(shape) if shape else None
    value, gradient = _value_and_gradient(loss, truth, prediction, scaled, upstream)
    return {
        "id": f"{label}, {reduction}, weights {kind}",
        "class_name": class_name,
        "config": {**config, "reduction": reduction},
        "y_true": _stored(y_true),
        "y_pred": _stored(y_pred),
        "sample_weight": None if weights is None else record(weights),
        "expected": record(value),
        **({} if upstream is None else {"upstream": record(upstream)}),
        "gradient": record(gradient),
    }


def _label(class_name, config, data):
    words = [class_name, *(f"{key} {value}" for key, value in config.items()), data]
    return ", ".join(words)


def _cases():
    for line in TABLE:
        class_name, config, data = line["class_name"], line["config"], line["data"]
        label = _label(class_name, config, data)
        draw = Draw(zlib.crc32(label.encode()))
        y_true, y_pred = DATA[data](draw)
        # A mean along axis 1 and such changes what weights can be: ask the loss itself.
        plain = getattr(keras.losses, class_name)(**config, reduction="none")
        values = np.asarray(plain(y_true, y_pred))
        for kind, weights in _weights(draw, values).items():
            for reduction in REDUCTIONS:
                # The bare reductions say the same under odd weights; keep the file small.
                if kind in ("column", "scalar") and reduction != "sum_over_batch_size":
                    continue
                yield _case(class_name, config, reduction, kind, weights, y_true, y_pred, label, draw)
    for class_name, true_shape, pred_shape in RANKS:
        label = f"{class_name}, labels {true_shape}, predictions {pred_shape}"
        draw = Draw(zlib.crc32(label.encode()))
        y_true, y_pred = draw.uniform(true_shape, 0.1, 0.9), draw.uniform(pred_shape, 0.1, 0.9)
        yield _case(class_name, {}, "sum_over_batch_size", "none", None, y_true, y_pred, label, draw)


def _functions():
    for name, data, arguments in FUNCTIONS:
        label = _label(name, arguments, data)
        y_true, y_pred = DATA[data](Draw(zlib.crc32(label.encode())))
        truth = y_true if y_true.dtype == np.int32 else y_true.astype(FLOAT)
        value = getattr(keras.losses, name)(truth, y_pred.astype(FLOAT), **arguments)
        yield {
            "id": label, "function": name, "arguments": arguments, "y_true": _stored(y_true), "y_pred": _stored(y_pred),
            "expected": record(value),
        }


def document():
    fresh_names()
    return {
        "made": made(),
        "tolerance": TOLERANCE,
        "gradientTolerance": 2 * TOLERANCE,
        "floor": FLOOR,
        "functions": list(_functions()),
        "cases": list(_cases()),
    }
