"""Keras's `fit`, on the backend that KERAS_BACKEND names, on one thread."""

import time

import keras
import numpy as np
from keras import layers

from case import read, serve


def layer_of(layer):
    match layer["kind"]:
        case "dense":
            return layers.Dense(layer["units"], activation=layer["activation"])
        case "conv":
            return layers.Conv2D(layer["filters"], layer["size"], activation="relu")
        case "pool":
            return layers.MaxPooling2D(layer["size"])
        case "flatten":
            return layers.Flatten()
        case "embedding":
            return layers.Embedding(layer["rows"], layer["width"])


class Training:
    def __init__(self, path):
        case, weights, self.x, classes = read(path, np)
        is_one_hot = case["labels"] == "oneHot"
        self.batch = case["batch"]
        self.y = keras.utils.to_categorical(classes, case["classes"]) if is_one_hot else classes
        self.model = keras.Sequential([keras.Input(case["input"]), *map(layer_of, case["layers"])])
        self.model.set_weights(weights)
        loss = "categorical_crossentropy" if is_one_hot else "sparse_categorical_crossentropy"
        self.model.compile(optimizer=keras.optimizers.Adam(case["rate"]), loss=loss)

    def fit(self, first, batches, epochs, shuffle):
        part = slice(first * self.batch, (first + batches) * self.batch)
        start = time.perf_counter()
        self.model.fit(
            self.x[part], self.y[part], batch_size=self.batch, epochs=epochs, shuffle=bool(shuffle), verbose=0
        )
        return (time.perf_counter() - start) * 1000

    def loss(self):
        first = slice(0, self.batch)
        return self.model.evaluate(self.x[first], self.y[first], batch_size=self.batch, verbose=0)


serve(f"Keras {keras.__version__} on {keras.backend.backend()}, one thread", Training)
