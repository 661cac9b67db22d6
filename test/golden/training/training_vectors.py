"""training.json: whole runs of fit with fixed weights and order: loss of every step, history, weights at the end."""

import json
import zlib

import keras
import numpy as np

import training_models
from arrays import FLOAT, Draw, record
from digits import inputs, targets
from training_cases import RUNS
from versions import fresh_names, made

TOLERANCE = 1e-4
WEIGHT_TOLERANCE = 5e-4
FLOOR = 0.1
PREDICTED = 8


def make_optimizer(described):
    config = dict(described["config"])
    if isinstance(config.get("learning_rate"), dict):
        config["learning_rate"] = keras.optimizers.schedules.deserialize(config["learning_rate"])
    if "inner_optimizer" in config:
        config["inner_optimizer"] = make_optimizer(config["inner_optimizer"])
    return getattr(keras.optimizers, described["class_name"])(**config)


def make_loss(described):
    return getattr(keras.losses, described["class_name"])(**described["config"]) if isinstance(described, dict) else described


def _model(case):
    fresh_names()
    model = training_models.build(case["model"])
    model.compile(
        optimizer=make_optimizer(case["optimizer"]), loss=make_loss(case["loss"]), loss_weights=case.get("loss_weights"),
        metrics=case["metrics"], weighted_metrics=case.get("weighted_metrics"),
    )
    return model


def _part(data, rows):
    return [_part(piece, rows) for piece in data] if isinstance(data, list) else data[rows]


class Run:
    def __init__(self, case):
        self.case = case
        _, x_kind, y_kind = training_models.MODELS[case["model"]]
        x_kind = case.get("inputs", x_kind)
        self.x, self.y = (make(kind, slice(0, case["rows"])) for make, kind in ((inputs, x_kind), (targets, y_kind)))
        beyond = slice(320, 320 + case.get("validation_rows", 0))
        self.validation = (inputs(x_kind, beyond), targets(y_kind, beyond)) if "validation_rows" in case else None
        self.class_weight = {int(k): v for k, v in case["class_weight"].items()} if "class_weight" in case else None
        self.sample_weight = Draw(zlib.crc32(b"weights")).uniform([case["rows"]], 0.0, 2.0) if case.get("sample_weight") else None

    def fit(self):
        case, model = self.case, _model(self.case)
        history = model.fit(
            self.x, self.y, batch_size=case["batch_size"], epochs=case["epochs"], shuffle=False, verbose=0,
            validation_split=case.get("validation_split", 0.0), validation_data=self.validation,
            class_weight=self.class_weight, sample_weight=None if self.sample_weight is None else self.sample_weight.astype(FLOAT),
        )
        return model, history.history

    def steps(self):
        """The loss of every batch, from a separate model, and the weights before anything is finalized."""
        case, model, losses = self.case, _model(self.case), []
        count = case["rows"]
        if "validation_split" in case:
            count = int(np.floor(count * (1.0 - case["validation_split"])))
        for _ in range(case["epochs"]):
            for start in range(0, count, case["batch_size"]):
                rows = slice(start, min(start + case["batch_size"], count))
                weights = None if self.sample_weight is None else self.sample_weight[rows].astype(FLOAT)
                logs = model.train_on_batch(
                    _part(self.x, rows), _part(self.y, rows), sample_weight=weights, class_weight=self.class_weight, return_dict=True
                )
                losses.append(logs["loss"])
        return losses, model.get_weights()


def _weights(model, values):
    return [record(value, path=weight.path) for weight, value in zip(model.weights, values)]


def _case(case):
    run = Run(case)
    losses, raw = run.steps()
    model, history = run.fit()
    final = model.get_weights()
    moved = any(not np.array_equal(a, b) for a, b in zip(raw, final))
    finalizes = case["optimizer"]["config"].get("use_ema")
    assert moved == bool(finalizes), f"{case['id']}: fit and train_on_batch end in different weights"
    return {
        **case,
        "optimizer": {"class_name": case["optimizer"]["class_name"], "config": model.optimizer.get_config()},
        **({} if run.sample_weight is None else {"sample_weight": record(run.sample_weight)}),
        "losses": record(np.array(losses)),
        "history": history,
        "weights": _weights(model, final),
        **({"weightsBeforeFinalize": _weights(model, raw)} if moved else {}),
        "evaluation": model.evaluate(run.x, run.y, batch_size=64, verbose=0, return_dict=True),
        "predictions": [record(p) for p in _listed(model.predict(_part(run.x, slice(0, PREDICTED)), verbose=0))],
    }


def _listed(value):
    return value if isinstance(value, list) else [value]


def _models():
    for name, (_, x_kind, y_kind) in training_models.MODELS.items():
        fresh_names()
        model = training_models.build(name)
        yield name, {
            "inputs": x_kind, "targets": y_kind, "json": json.loads(model.to_json()),
            "weights": _weights(model, training_models.initial_weights(name, model)),
        }


def document():
    return {
        "made": made(),
        "tolerance": TOLERANCE,
        "weightTolerance": WEIGHT_TOLERANCE,
        "floor": FLOOR,
        "models": dict(_models()),
        "cases": [_case(case) for case in RUNS],
    }
