"""model-texts.json: models between Keras and gradstep as text.

`trained`: what the models of ../texts.json learn that Keras reads from our texts. Nothing is set afterwards: a model is compiled as its
text says, and gets numbers that follow from its shapes.

`written`: texts of to_json whose layers are called with arguments.
"""

import json

import keras
import numpy as np
from keras import layers

from arrays import record
from encoding import read
from versions import fresh_names, made

SAMPLES, BATCH, EPOCHS = 6, 2, 3


def numbers(shape, step):
    """Without a pattern that matters."""
    count = int(np.prod(shape))
    return np.array([i * step % 17 / 8 - 1 for i in range(count)], np.float32).reshape(shape)


def _trained(case):
    fresh_names()
    model = keras.models.model_from_json(case["text"])
    x = numbers((SAMPLES, *model.input_shape[1:]), 5)
    y = numbers((SAMPLES, *model.output_shape[1:]), 3)
    if "Focal" in case["text"]:
        y = (y > 0).astype(np.float32)
    history = model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0).history
    if model.optimizer.use_ema:
        model.optimizer.finalize_variable_values(model.trainable_variables)
    return {"id": case["id"], "x": record(x), "y": record(y), "history": history, "weights": [record(weight) for weight in model.get_weights()]}


def _called(name, call):
    """A layer between two that are always the same."""
    fresh_names()
    x = keras.Input((2,), name="x")
    y = layers.Dense(1, kernel_initializer="ones", name="d")(call(x))
    model = keras.Model(x, y, name="m")
    model.compile(keras.optimizers.SGD(0.5, name="o"), "mse")
    return {"id": name, "text": model.to_json()}


def _inner(call):
    x = keras.Input((2,), name="y")
    return keras.Model(x, call(x), name="inner")


def _written():
    norm = lambda: layers.BatchNormalization(momentum=0.5, name="b")
    drop = lambda: layers.Dropout(0.5, name="n")
    return [
        _called("training false", lambda x: norm()(x, training=False)),
        _called("training true", lambda x: drop()(x, training=True)),
        _called("inputs by name", lambda x: norm()(inputs=x, training=False)),
        _called("training none", lambda x: norm()(x, training=None)),
        _called("a nested model, training false", lambda x: _inner(norm())(x, training=False)),
        _called("inside a nested model", lambda x: _inner(lambda y: norm()(y, training=False))(x)),
        _called("a nested Sequential, training false", lambda x: keras.Sequential([norm()], name="inner")(x, training=False)),
        _called("a mask", lambda x: layers.Softmax(name="s")(x, mask=x)),
        _called("a mask by position", lambda x: layers.Softmax(name="s")(x, x)),
    ]


def document():
    cases = [case for case in read("texts.json")["cases"] if "compile_config" in json.loads(case["text"])]
    # Keras overrides the arguments of calls, against its documentation.
    trained = [_trained(case) for case in cases if "call arguments" not in case["id"]]
    return {"made": made(), "samples": SAMPLES, "batch": BATCH, "epochs": EPOCHS, "cases": trained, "written": _written()}
