"""Nested models with several inputs and outputs in real Keras 3.15.1: JSON, table, files, predictions and the next steps.

    KERAS_BACKEND=jax python test/golden/nested_models.py     writes nested-models.json

Needs requirements.txt. The files have the date in them: written once.
"""

import json
import pathlib

import keras
import numpy as np

from keras_files import loaded
from model_files import numbers, saved

HERE = pathlib.Path(__file__).parent
L = keras.layers
O = keras.optimizers
STEPS = 2
NEXT = 3


def heads():
    """An encoder with two outputs, called twice; its outputs are used inside and are outputs."""
    i = keras.Input((3,), name="i")
    h = L.Dense(4, name="h", activation="tanh")(i)
    inner = keras.Model(i, [L.Dense(2, name="p")(h), L.Dense(1, name="q")(h)], name="inner")
    x, y = keras.Input((3,), name="x"), keras.Input((3,), name="y")
    (a, b), (c, d) = inner(x), inner(y)
    model = keras.Model([x, y], [a, d, L.Concatenate(name="cat")([a, b, c])], name="heads")
    model.compile(O.Adam(0.05), ["mse", "mae", "mse"], metrics=[["mae"], ["mse"], ["mae"]], loss_weights=[1.0, 0.5, 2.0])
    return model


def names():
    """Inputs and outputs by name, in another order than that of the names."""
    a, b = keras.Input((2,), name="in_a"), keras.Input((3,), name="in_b")
    joined = L.Concatenate(name="joined")([a, b])
    outputs = {"wide": L.Dense(3, name="w")(joined), "narrow": L.Dense(1, name="n", activation="tanh")(joined)}
    inner = keras.Model({"second": b, "first": a}, outputs, name="inner")
    x = keras.Input((3,), name="x")
    y = keras.Input((2,), name="y")
    made = inner({"first": y, "second": x})
    model = keras.Model([x, y], L.Multiply(name="out")([made["wide"], made["narrow"]]), name="names")
    model.compile(O.SGD(0.1), "mse")
    return model


def states():
    """An encoder that returns a state, and a decoder that takes two inputs; one input in a list."""
    i = keras.Input((3,), name="i")
    h = L.Dense(4, name="eh", activation="relu")(i)
    encoder = keras.Model([i], [h, L.Dense(2, name="state", activation="tanh")(h)], name="encoder")
    s, z = keras.Input((4,), name="s"), keras.Input((2,), name="z")
    mixed = L.Add(name="mixed")([L.Dense(4, name="dz")(z), s])
    decoder = keras.Model([s, z], [L.Dense(3, name="back")(mixed), L.Dense(1, name="score", activation="sigmoid")(mixed)], name="decoder")
    x = keras.Input((3,), name="x")
    model = keras.Model(x, decoder(encoder([x])), name="states")
    model.compile(O.RMSprop(0.02), ["mse", "binary_crossentropy"])
    return model


def gan():
    """A frozen discriminator with two outputs behind a generator, as auxiliary-classifier GANs have."""
    i = keras.Input((2,), name="image")
    h = L.LeakyReLU(negative_slope=0.2, name="lr")(L.Dense(4, name="dh")(i))
    critic = keras.Model(i, [L.Dense(1, name="real", activation="sigmoid")(h), L.Dense(3, name="kind", activation="softmax")(h)], name="critic")
    critic.trainable = False
    generator = keras.Sequential([keras.Input((3,), name="noise_in"), L.Dense(4, name="g", activation="relu"), L.BatchNormalization(name="gn"), L.Dense(2, name="image_out")], name="generator")
    noise = keras.Input((3,), name="noise")
    model = keras.Model(noise, critic(generator(noise)), name="gan")
    model.compile(O.Adam(0.01, beta_1=0.5), ["binary_crossentropy", "categorical_crossentropy"])
    return model


def open_lengths():
    """A nested model with open lengths, called with known ones, which a dense layer behind it needs."""
    i = keras.Input((None, 2), name="i")
    c = L.Conv1D(3, 2, name="conv", activation="relu")(i)
    inner = keras.Model(i, [c, L.GlobalAveragePooling1D(name="mean")(c)], name="inner")
    x = keras.Input((5, 2), name="x")
    row, mean = inner(x)
    model = keras.Model(x, L.Concatenate(name="both")([L.Dense(2, name="d")(L.Flatten(name="flat")(row)), mean]), name="open_lengths")
    model.compile(O.SGD(0.05), "mse")
    return model


MODELS = [heads, names, states, gan, open_lengths]


def data(model, count=4):
    rng = np.random.default_rng(11)
    xs = [rng.normal(size=(count, *t.shape[1:])).astype("float32") for t in model.inputs]
    ys = [rng.uniform(size=(count, *t.shape[1:])).astype("float32") for t in model.outputs]
    if model.name == "gan":
        ys = [np.ones((count, 1), "float32"), np.eye(3, dtype="float32")[[0, 1, 2, 1]]]
    return xs, ys


def table(model):
    lines = []
    model.summary(print_fn=lambda text, line_break=True: lines.append(text))
    return "".join(lines)


def case(make):
    keras.utils.set_random_seed(4)
    model = make()
    xs, ys = data(model)
    x, y = (xs if len(xs) > 1 else xs[0]), (ys if len(ys) > 1 else ys[0])
    for _ in range(STEPS):
        model.train_on_batch(x, y)
    files = {ending: saved(model, ending) for ending in (".keras", ".weights.h5", ".h5")}
    record = {"files": files, "json": json.loads(model.to_json()), "summary": table(model), "names": model.output_names}
    model = loaded(files[".keras"])
    predicted = model.predict(x, verbose=0)
    shaped = lambda arrays: [{"shape": list(a.shape), "values": numbers(a)} for a in arrays]
    return record | {
        "x": shaped(xs), "y": shaped(ys), "predicted": shaped(predicted if len(ys) > 1 else [predicted]),
        **steps(model, x, y),
    }


def steps(model, x, y):
    logs = [{k: float(v) for k, v in model.train_on_batch(x, y, return_dict=True).items()} for _ in range(NEXT)]
    return {"losses": logs, "weights": [numbers(w) for w in model.get_weights()], "trainable": len(model.trainable_weights)}


if __name__ == "__main__":
    document = {"made": f"Keras {keras.__version__}, {keras.backend.backend()}, by nested_models.py", "cases": {m.__name__: case(m) for m in MODELS}}
    (HERE / "nested-models.json").write_text(json.dumps(document) + "\n")
