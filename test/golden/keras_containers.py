"""Weights of a custom layer whose layers and variables are in lists and dicts, as real Keras 3.15.1 saves them.

    KERAS_BACKEND=jax python test/golden/keras_containers.py           writes keras-containers.json

Needs requirements.txt. The file is gzipped, then base64.
"""

import json
import pathlib

import keras
import numpy as np

from model_files import numbers, saved

HERE = pathlib.Path(__file__).parent
L = keras.layers


class Holder(L.Layer):
    """Layers alone, in a list, in a dict, and in a list in a dict; variables in a list and in a dict."""

    def __init__(self, **options):
        super().__init__(**options)
        self.single = L.Dense(2)
        self.blocks = [L.Dense(2), L.LayerNormalization(), L.Dense(2)]
        self.named = {"left": L.Dense(2), "right": [L.Dense(2), L.Dense(2)]}

    def build(self, shape):
        self.scales = [self.add_weight(shape=(1,)), self.add_weight(shape=(1,))]
        self.table = {"factor": self.add_weight(shape=(1,))}
        for layer in self.order():
            layer.build(shape)

    def order(self):
        return [self.single, *self.blocks, self.named["left"], *self.named["right"]]

    def call(self, x):
        for layer in self.order():
            x = layer(x)
        return x * self.scales[0] + self.scales[1] * self.table["factor"]


def main():
    model = keras.Sequential([L.Input((2,)), Holder()])
    rng = np.random.default_rng(7)
    model.set_weights([rng.normal(size=weight.shape).astype("float32") for weight in model.weights])
    x = rng.normal(size=(3, 2)).astype("float32")
    made = {
        "keras": keras.__version__,
        "file": saved(model, ".weights.h5"),
        "x": x.tolist(),
        "predicted": numbers(model.predict(x, verbose=0)),
    }
    (HERE / "keras-containers.json").write_text(json.dumps(made, indent=1) + "\n")


main()
