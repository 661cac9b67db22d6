"""Models as Keras 2.15.0 (tf.keras of TensorFlow 2.15.1) saves them: legacy .h5, .weights.h5, .keras, JSON.

    python test/golden/keras2_files.py      writes keras2-files.json

Needs tensorflow-cpu==2.15.1 and numpy<2, in a separate environment. Files are gzipped, then base64. They are written once.
"""

import base64
import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

from model_files import numbers, saved

HERE = pathlib.Path(__file__).parent
keras = tf.keras
L = keras.layers


def case(model, endings, steps):
    rng = np.random.default_rng(7)
    xs = [rng.normal(size=(4, *t.shape[1:])).astype("float32") for t in model.inputs]
    y = rng.normal(size=(4, *model.outputs[0].shape[1:])).astype("float32")
    x = xs if len(xs) > 1 else xs[0]
    for _ in range(2):
        model.train_on_batch(x, y)
    files = {ending: saved(model, ending) for ending in endings}
    predicted = numbers(model.predict(x, verbose=0))
    losses = [float(np.ravel(model.train_on_batch(x, y))[0]) for _ in range(steps)]
    return {
        "files": files,
        "json": model.to_json(),
        "x": [{"shape": list(a.shape), "values": numbers(a)} for a in xs],
        "y": {"shape": list(y.shape), "values": numbers(y)},
        "predicted": predicted,
        "losses": losses,
        "weights": [numbers(w) for w in model.get_weights()],
    }


def small(optimizer, activation="tanh"):
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            L.Dense(3, activation=activation, input_shape=(3,), kernel_initializer=keras.initializers.VarianceScaling(distribution="untruncated_normal")),
            L.LeakyReLU(alpha=0.2),
            L.Dense(2, kernel_initializer="he_normal"),
        ],
        name="small",
    )
    model.compile(optimizer, "mse", metrics=["mae"])
    return model


def nested():
    keras.utils.set_random_seed(4)
    source = keras.Input((4,), name="in")
    inner = keras.Sequential([L.Dense(3, activation="relu", input_shape=(4,)), L.BatchNormalization(), L.Dropout(0.0)], name="inner")
    i = keras.Input((3,))
    graph = keras.Model(i, L.Dense(3, name="zz")(i), name="graph")
    shared = L.Dense(4, name="shared", activation="tanh")
    a = graph(inner(shared(shared(source))))
    b = graph(a)
    out = graph(L.Add()([a, b]))
    model = keras.Model(source, out, name="nested")
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.05, 3, 0.5)), keras.losses.Huber(0.5), metrics=["mae"])
    return model


def image():
    keras.utils.set_random_seed(5)
    source = keras.Input((6, 6, 3))
    x = L.Rescaling(1 / 127.5, offset=-1.0)(source)
    norm = L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 4.0])
    x = norm(x)
    x = L.Conv2D(4, 3, strides=2, padding="same", use_bias=False)(x)
    x = L.BatchNormalization(momentum=0.9, epsilon=1e-3)(x)
    x = L.ReLU(6.0)(x)
    x = L.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    x = L.GlobalAveragePooling2D(keepdims=True)(x)
    x = L.Reshape((4,))(L.Activation("hard_sigmoid")(x))
    x = L.Activation("hard_sigmoid")(L.Dense(4)(x))
    model = keras.Model(source, L.Dense(2)(x), name="image")
    model.compile(keras.optimizers.RMSprop(0.01, momentum=0.9), "mse")
    return model


O = keras.optimizers
legacy = O.legacy
ALL = (".h5", ".weights.h5", ".keras")
CASES = {
    "nested": (nested, ALL),
    "image": (image, (".h5", ".keras")),
    "Adam": (lambda: small(O.Adam(0.01, use_ema=True)), ALL),
    "hard_sigmoid": (lambda: small(O.SGD(0.05, momentum=0.9), "hard_sigmoid"), (".h5",)),
    "AdamW": (lambda: small(O.AdamW(0.01)), (".h5",)),
    "Nadam": (lambda: small(O.Nadam(0.01)), (".h5", ".keras")),
    "RMSprop centered": (lambda: small(O.RMSprop(0.01, momentum=0.9, centered=True)), (".h5", ".keras")),
    "Adagrad": (lambda: small(O.Adagrad(0.05)), (".h5",)),
    "legacy SGD, decay": (lambda: small(legacy.SGD(0.05, momentum=0.9, decay=0.1)), (".h5",)),
    "legacy Adam": (lambda: small(legacy.Adam(0.01, amsgrad=True)), (".h5",)),
    "legacy Adagrad": (lambda: small(legacy.Adagrad(0.05)), (".h5",)),
}

cases = {
    # Files lack the product of Nadam's momenta: Keras 2 goes on otherwise after loading.
    name: case(make(), endings, 0 if name == "Nadam" else 3)
    for name, (make, endings) in CASES.items()
}
document = {"made": f"Keras 2.15.0, TensorFlow {tf.__version__}, by keras2_files.py", "cases": cases}
(HERE / "keras2-files.json").write_text(json.dumps(document) + "\n")
