"""The models of the training runs, small and with named layers, and their fixed initial weights."""

import math
import zlib

import keras
from keras import constraints, layers, regularizers

from arrays import FLOAT, Draw


def _mlp(last="softmax", name="mlp"):
    return keras.Sequential(
        [layers.Input((64,)), layers.Dense(32, activation="relu", name="hidden"), layers.Dense(10, activation=last, name="scores")], name=name
    )


def _norm():
    return keras.Sequential(
        [
            layers.Input((64,)),
            layers.Dense(32, use_bias=False, name="hidden"),
            layers.BatchNormalization(momentum=0.9, name="norm"),
            layers.Activation("relu", name="active"),
            layers.Dense(10, activation="softmax", name="scores"),
        ],
        name="norm_mlp",
    )


def _regular():
    hidden = layers.Dense(
        24, activation="relu", name="hidden", kernel_regularizer=regularizers.L2(0.003), bias_regularizer=regularizers.L2(0.002),
        kernel_constraint=constraints.MaxNorm(0.9), bias_constraint=constraints.NonNeg(),
    )
    scores = layers.Dense(
        10, activation="softmax", name="scores", kernel_regularizer=regularizers.L1L2(0.0005, 0.001), kernel_constraint=constraints.UnitNorm(axis=0),
    )
    return keras.Sequential([layers.Input((64,)), hidden, scores], name="regular_mlp")


def _cnn():
    return keras.Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Conv2D(8, 3, padding="same", activation="relu", name="first"),
            layers.MaxPooling2D(name="pool"),
            layers.Conv2D(16, 3, activation="relu", name="second"),
            layers.Flatten(name="flat"),
            layers.Dense(10, activation="softmax", name="scores"),
        ],
        name="cnn",
    )


def _halves():
    top, bottom = keras.Input((32,), name="top"), keras.Input((32,), name="bottom")
    both = layers.Concatenate(name="both")(
        [layers.Dense(12, activation="tanh", name="above")(top), layers.Dense(12, activation="tanh", name="below")(bottom)]
    )
    shared = layers.Dense(20, activation="relu", name="shared")(both)
    digit = layers.Dense(10, activation="softmax", name="digit")(shared)
    odd = layers.Dense(1, activation="sigmoid", name="odd")(shared)
    return keras.Model([top, bottom], [digit, odd], name="two_inputs")


def _codes():
    return keras.Sequential(
        [
            layers.Input((32,), dtype="int32"),
            layers.Embedding(17, 4, name="codes"),
            layers.Flatten(name="flat"),
            layers.Dense(10, activation="softmax", name="scores"),
        ],
        name="embedding",
    )


def _deep():
    """The layers that the others lack, and a residual sum."""
    image = keras.Input((8, 8, 1), name="image")
    wide = layers.Conv2D(6, 3, strides=2, padding="same", use_bias=False, name="stem")(image)
    wide = layers.BatchNormalization(momentum=0.8, name="norm")(wide)
    each = layers.DepthwiseConv2D(3, padding="same", activation="silu", name="each")(wide)
    total = layers.Add(name="total")([wide, each])
    pooled = layers.GlobalAveragePooling2D(name="pooled")(layers.AveragePooling2D(2, name="smaller")(total))
    centred = layers.LayerNormalization(name="centred")(pooled)
    return keras.Model(image, layers.Dense(10, name="logits")(centred), name="residual")


def _parity():
    return keras.Sequential(
        [layers.Input((64,)), layers.Dense(16, activation="gelu", name="hidden"), layers.Dense(1, activation="sigmoid", name="odd")], name="parity"
    )


def _number():
    return keras.Sequential([layers.Input((64,)), layers.Dense(16, activation="elu", name="hidden"), layers.Dense(1, name="number")], name="number")


# Name to (maker, inputs, targets): the kinds of digits.py.
MODELS = {
    "mlp": (_mlp, "pixels", "labels"),
    "logits mlp": (lambda: _mlp(None, "logits_mlp"), "pixels", "one hot"),
    "norm mlp": (_norm, "pixels", "labels"),
    "regular mlp": (_regular, "pixels", "labels"),
    "cnn": (_cnn, "images", "labels"),
    "two inputs": (_halves, "halves", "label and parity"),
    "embedding": (_codes, "codes", "labels"),
    "residual": (_deep, "images", "labels"),
    "parity": (_parity, "pixels", "parity"),
    "number": (_number, "pixels", "number"),
}


def _limit(shape):
    """Glorot's, for a kernel that draws evenly."""
    receptive = math.prod(shape[:-2])
    return math.sqrt(6.0 / (receptive * (shape[-2] + shape[-1])))


def initial_weights(name, model):
    draw = Draw(zlib.crc32(name.encode()))
    values = []
    for weight in model.weights:
        if len(weight.shape) > 1:
            limit = _limit(weight.shape)
            values.append(draw.uniform(weight.shape, -limit, limit))
        else:
            ones = weight.name in ("gamma", "moving_variance")
            values.append(draw.uniform(weight.shape, 0.9, 1.1) if ones else draw.uniform(weight.shape, -0.05, 0.05))
    return values


def build(name):
    model = MODELS[name][0]()
    model.set_weights([value.astype(FLOAT) for value in initial_weights(name, model)])
    return model
