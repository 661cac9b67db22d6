"""model-configs.json: what to_json, summary and count_params say of models that together hold every layer."""

import json

import keras
from keras import constraints, initializers, layers, regularizers

import training_models
from versions import fresh_names, made


def _unnamed():
    """Automatic names, two of a kind included."""
    return keras.Sequential([layers.Input((4,)), layers.Dense(3, activation="relu"), layers.Dropout(0.5), layers.Dense(2, activation="softmax")])


def _unbuilt():
    return keras.Sequential([layers.Dense(10), layers.Activation("softmax")])


def _built_by_data():
    model = keras.Sequential([layers.Dense(10), layers.Activation("swish")])
    model.build((None, 20))
    return model


def _every_argument():
    dense = layers.Dense(
        6, activation="gelu", use_bias=True, kernel_initializer=initializers.HeNormal(seed=3), bias_initializer=initializers.Constant(0.1),
        kernel_regularizer=regularizers.L2(0.02), bias_regularizer="l1", kernel_constraint=constraints.MaxNorm(1.5, axis=0),
        bias_constraint="non_neg", activity_regularizer=regularizers.L1(0.003), name="full",
    )
    norm = layers.BatchNormalization(momentum=0.8, epsilon=0.01, center=False, gamma_initializer="uniform", gamma_regularizer="l2")
    return keras.Sequential(
        [layers.Input((5,), name="given"), dense, norm, layers.LayerNormalization(epsilon=1e-5, scale=False), layers.Dropout(0.2, seed=4)],
        name="arguments",
    )


def _images():
    return keras.Sequential(
        [
            layers.Input((16, 12, 3)),
            layers.ZeroPadding2D(((1, 0), (2, 1))),
            layers.Conv2D(8, (3, 2), strides=(2, 1), padding="same", activation="relu", kernel_regularizer=regularizers.L1L2(0.1, 0.2)),
            layers.BatchNormalization(),
            layers.MaxPooling2D((2, 2), strides=1, padding="same"),
            layers.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False),
            layers.AveragePooling2D(2),
            layers.Conv2DTranspose(4, 3, strides=2, padding="same"),
            layers.Conv2D(4, 2, dilation_rate=2),
            layers.Flatten(),
            layers.Dense(1000),
        ]
    )


def _sequences():
    return keras.Sequential(
        [
            layers.Input((12,), dtype="int32"),
            layers.Embedding(50, 6, embeddings_initializer="normal"),
            layers.Conv1D(8, 3, padding="causal", dilation_rate=2, activation="silu"),
            layers.Reshape((3, 4, 8)),
            layers.GlobalMaxPooling2D(keepdims=True),
            layers.Reshape((-1,)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def _activations():
    return keras.Sequential(
        [
            layers.Input((6,)), layers.ReLU(max_value=6.0), layers.LeakyReLU(), layers.ELU(alpha=0.5), layers.Softmax(),
            layers.Activation("log_softmax"), layers.Activation("hard_swish"), layers.Dense(2, activation=layers.LeakyReLU(0.1)),
        ]
    )


def _shared():
    """One layer called twice: two inbound nodes."""
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    encoder = layers.Dense(3, activation="tanh", name="encoder")
    return keras.Model([left, right], layers.Add(name="sum")([encoder(left), encoder(right)]), name="shared")


def _dictionary():
    a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b")
    joined = layers.Concatenate(axis=1)([a, b])
    return keras.Model({"a": a, "b": b}, {"wide": layers.Dense(5, name="wide")(joined), "narrow": layers.Dense(1, name="narrow")(joined)}, name="named")


def _frozen():
    model = keras.Sequential([layers.Input((3,)), layers.Dense(4, name="fixed"), layers.BatchNormalization(name="norm"), layers.Dense(2, name="free")])
    model.get_layer("fixed").trainable = False
    return model


def _compiled():
    model = _unnamed()
    model.compile(
        optimizer=keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(0.01, 100), clipnorm=1.0),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(k=2)],
    )
    return model


def _compiled_by_names():
    model = training_models.MODELS["two inputs"][0]()
    model.compile(optimizer="sgd", loss={"digit": "sparse_categorical_crossentropy", "odd": "binary_crossentropy"}, loss_weights={"digit": 1.0, "odd": 0.5}, metrics={"digit": ["accuracy"]})
    return model


MODELS = {
    "automatic names": _unnamed, "not built": _unbuilt, "built without Input": _built_by_data, "every argument": _every_argument,
    "images": _images, "sequences": _sequences, "activations": _activations, "shared layer": _shared, "dictionaries": _dictionary,
    "frozen layer": _frozen, "compiled": _compiled, "compiled by names": _compiled_by_names,
    **{name: training_models.MODELS[name][0] for name in ("mlp", "cnn", "residual", "two inputs", "regular mlp")},
}


def _summary(model):
    lines = []
    # Keras colours the text only for terminals, and print_fn gets it plain.
    model.summary(print_fn=lambda text, line_break=True: lines.append(text))
    return "".join(lines)


def _reads_back(model):
    """Keras's own round trip, so that nothing is recorded that Keras cannot read."""
    text = model.to_json()
    again = keras.models.model_from_json(text)
    return json.loads(again.to_json())["config"] == json.loads(text)["config"]


def _record(name):
    fresh_names()
    model = MODELS[name]()
    record = {"id": name, "json": json.loads(model.to_json()), "summary": _summary(model)}
    if model.built:
        record["count"] = model.count_params()
        record["weights"] = [{"path": w.path, "shape": list(w.shape), "trainable": w.trainable} for w in model.weights]
        record["outputShape"] = _plain(model.output_shape)
    fresh_names()
    record["readsBack"] = _reads_back(MODELS[name]())
    return record


def _plain(shape):
    if isinstance(shape, dict):
        return {key: _plain(value) for key, value in shape.items()}
    return [_plain(part) for part in shape] if isinstance(shape, (list, tuple)) else shape


def document():
    return {"made": made(), "cases": [_record(name) for name in MODELS]}
