"""metrics.json: results after each update, and what strings mean."""

import zlib

import keras
import numpy as np
from keras.src.trainers import compile_utils

from arrays import FLOAT, Draw, record
from metric_cases import LOSS_STRINGS, SHAPES, STRINGS, TABLE, UNKNOWN_LOSSES, UNKNOWN_METRICS
from versions import fresh_names, made

TOLERANCE = 1e-5
FLOOR = 0.1
# Rows of the updates: a short last batch, as in training.
ROWS = [6, 5, 2]
CLASSES = 4


def _one_hot(labels):
    return np.eye(CLASSES, dtype=np.float32)[labels]


def _ties(draw, rows):
    """Equal scores: argmax takes the first, a tie at the edge of the top k counts."""
    return _one_hot(draw.whole([rows], CLASSES)), draw.whole([rows, CLASSES], 3).astype(np.float32) / 2


def _binary(draw, rows):
    labels = draw.whole([rows, CLASSES], 2).astype(np.float32)
    # Some scores lie exactly on thresholds.
    scores = draw.uniform([rows, CLASSES], 0.0, 1.0)
    scores[0, :3] = [0.5, 0.25, 0.75]
    return labels, scores


def _dead(draw, rows):
    """Rows in which no score is more than rounding: without a threshold, none of them is a prediction."""
    labels, scores = _binary(draw, rows)
    scores[::2] *= np.float32(1e-10)
    return labels, scores


DATA = {
    "labels": lambda d, n: (d.whole([n], 3).astype(np.float32), d.whole([n], 3).astype(np.float32)),
    "label columns": lambda d, n: (d.whole([n], 3).astype(np.float32), d.whole([n, 1], 3).astype(np.float32)),
    "binary": _binary,
    "dead scores": _dead,
    "class pairs": lambda d, n: (d.whole([n], CLASSES), d.whole([n], CLASSES)),
    "binary logits": lambda d, n: (d.whole([n, CLASSES], 2).astype(np.float32), d.bell([n, CLASSES], 2.0)),
    "binary real": lambda d, n: (d.whole([n, CLASSES], 2).astype(np.float32), d.bell([n, CLASSES])),
    "scores": lambda d, n: (d.whole([n, 1], 2).astype(np.float32), d.uniform([n, 1], 0.0, 1.0)),
    "score logits": lambda d, n: (d.whole([n, 1], 2).astype(np.float32), d.bell([n, 1], 2.0)),
    "classes": lambda d, n: (_one_hot(d.whole([n], CLASSES)), d.probabilities([n, CLASSES])),
    "class ties": _ties,
    "class logits": lambda d, n: (_one_hot(d.whole([n], CLASSES)), d.bell([n, CLASSES], 2.0)),
    "sparse": lambda d, n: (d.whole([n], CLASSES), d.probabilities([n, CLASSES])),
    "sparse column": lambda d, n: (d.whole([n, 1], CLASSES), d.probabilities([n, CLASSES])),
    "sparse logits": lambda d, n: (d.whole([n], CLASSES), d.bell([n, CLASSES], 2.0)),
    "sparse sequence": lambda d, n: (d.whole([n, 3], CLASSES), d.probabilities([n, 3, CLASSES])),
    "real": lambda d, n: (d.bell([n, CLASSES]), d.bell([n, CLASSES])),
    "positive": lambda d, n: (d.uniform([n, CLASSES], 0.0, 3.0), d.uniform([n, CLASSES], 0.1, 3.0)),
    "column against flat": lambda d, n: (d.bell([n]), d.bell([n, 1])),
    "distributions": lambda d, n: (d.probabilities([n, CLASSES]), d.probabilities([n, CLASSES])),
}
VALUES = {"values": lambda d, n: d.bell([n, 3]), "value": lambda d, n: d.bell([])}


def _weights(kind, draw, shape):
    if kind == "none":
        return None
    return draw.uniform(shape[:1] if kind == "per sample" else shape, 0.0, 2.0)


def _stored(array):
    return record(array, "int32" if array.dtype == np.int32 else "float32")


def _precise(array):
    return None if array is None else array if array.dtype == np.int32 else array.astype(FLOAT)


def _case(line, kind):
    fresh_names()
    words = [line["class_name"], *(f"{key} {value}" for key, value in line["config"].items()), line["data"]]
    label = ", ".join(words)
    draw = Draw(zlib.crc32(label.encode()))
    metric = getattr(keras.metrics, line["class_name"])(**line["config"])
    updates, results = [], []
    for rows in ROWS:
        if line["data"] in VALUES:
            arrays = {"values": VALUES[line["data"]](draw, rows)}
        else:
            arrays = dict(zip(("y_true", "y_pred"), DATA[line["data"]](draw, rows)))
        weights = _weights(kind, draw, list(arrays.values())[-1].shape)
        metric.update_state(*(_precise(a) for a in arrays.values()), sample_weight=_precise(weights))
        updates.append({**{k: _stored(a) for k, a in arrays.items()}, "sample_weight": None if weights is None else record(weights)})
        results.append(record(metric.result()))
    return {
        "id": f"{label}, weights {kind}",
        "class_name": line["class_name"],
        "config": line["config"],
        "name": metric.name,
        "direction": getattr(metric, "_direction", None),
        "updates": updates,
        "results": results,
    }


def _zeros(shape):
    return np.zeros(shape, FLOAT)


def _strings():
    """For every pair of shapes: what compile's metrics=[string] makes, and the key in the logs."""
    for string in STRINGS:
        for true_shape, pred_shape in SHAPES:
            fresh_names()
            metric = compile_utils.get_metric(string, _zeros(true_shape), _zeros(pred_shape))
            yield {"string": string, "yTrue": true_shape, "yPred": pred_shape, "class_name": type(metric).__name__, "name": metric.name}


def _loss_strings():
    for string in LOSS_STRINGS:
        for true_shape, pred_shape in SHAPES:
            loss = compile_utils.get_loss(string, _zeros(true_shape), _zeros(pred_shape))
            yield {"string": string, "yTrue": true_shape, "yPred": pred_shape, "function": loss.fn.__name__, "name": loss.name}


def _check_unknown():
    for get, names in ((keras.metrics.get, UNKNOWN_METRICS), (keras.losses.get, UNKNOWN_LOSSES)):
        for name in names:
            try:
                get(name)
            except ValueError:
                continue
            raise AssertionError(f"Keras knows {name}")


def document():
    _check_unknown()
    return {
        "made": made(),
        "tolerance": TOLERANCE,
        "floor": FLOOR,
        "strings": list(_strings()),
        "lossStrings": list(_loss_strings()),
        "unknownMetrics": UNKNOWN_METRICS,
        "unknownLosses": UNKNOWN_LOSSES,
        "cases": [_case(line, kind) for line in TABLE for kind in line["weights"]],
    }
