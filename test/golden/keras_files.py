"""Models as real Keras 3.15.1 saves them: .keras, .weights.h5, legacy .h5, with predictions and the next steps.

    KERAS_BACKEND=jax python test/golden/keras_files.py           writes keras-files.json
    KERAS_BACKEND=jax python test/golden/keras_files.py --check   opens what gradstep wrote (keras-by-gradstep.json)

Needs requirements.txt. Files are gzipped, then base64. They have the date in them: written once.
"""

import base64
import gzip
import io
import json
import pathlib
import sys
import tempfile

import h5py
import keras
import numpy as np

from model_files import numbers, saved, text

HERE = pathlib.Path(__file__).parent
L = keras.layers
STEPS = 2
NEXT = 3


def loaded(file):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.keras"
        path.write_bytes(gzip.decompress(base64.b64decode(file)))
        return keras.saving.load_model(path)


def data(model, count=4):
    rng = np.random.default_rng(7)
    xs = []
    for tensor in model.inputs:
        shape = (count, *tensor.shape[1:])
        whole = "int" in str(tensor.dtype)
        xs.append(rng.integers(0, 4, shape).astype("float32") if whole else rng.normal(size=shape).astype("float32"))
    return xs, rng.normal(size=(count, *model.outputs[0].shape[1:])).astype("float32")


def case(model, endings=(".keras",)):
    """Trains some steps, saves, loads (Keras's files lack Huber's delta, and Nadam's product in a loss scale), trains on."""
    xs, y = data(model)
    x = xs if len(xs) > 1 else xs[0]
    for _ in range(STEPS):
        model.train_on_batch(x, y)
    files = {ending: saved(model, ending) for ending in endings}
    model = loaded(files[".keras"])
    predicted = numbers(model.predict(x, verbose=0))
    losses = [float(np.ravel(model.train_on_batch(x, y))[0]) for _ in range(NEXT)]
    return {
        "files": files,
        "x": [{"shape": list(a.shape), "values": numbers(a)} for a in xs],
        "y": {"shape": list(y.shape), "values": numbers(y)},
        "predicted": predicted,
        "losses": losses,
        "weights": [numbers(w) for w in model.get_weights()],
        "optimizer": [numbers(v) for v in model.optimizer.variables],
    }


def every_layer():
    image = keras.Input((6, 6, 2), name="image")
    words = keras.Input((5,), dtype="int32", name="words")
    a = L.Conv2D(3, 3, padding="same", activation="relu")(image)
    a = L.DepthwiseConv2D(3, depth_multiplier=2)(a)
    a = L.BatchNormalization()(L.ZeroPadding2D(1)(a))
    b = L.Conv2DTranspose(2, 2, strides=2)(L.MaxPooling2D()(a))
    c = L.AveragePooling2D(2)(b)
    pooled = [L.GlobalMaxPooling2D()(b), L.GlobalAveragePooling2D()(c)]
    d = L.Embedding(6, 4)(words)
    d = L.Conv1D(4, 2, activation="elu")(d)
    d = L.LayerNormalization()(d)
    e = L.Permute((2, 1))(L.AveragePooling1D(2)(L.MaxPooling1D(2, strides=1)(d)))
    f = [L.GlobalMaxPooling1D()(d), L.GlobalAveragePooling1D()(d), L.Flatten()(e)]
    f = [L.Dense(4, use_bias=False)(t) for t in f]
    merged = [m()([f[0], f[1]]) for m in (L.Add, L.Subtract, L.Multiply, L.Average, L.Maximum, L.Minimum)]
    acts = [
        L.ReLU(max_value=1.0)(merged[0]),
        L.LeakyReLU(negative_slope=0.2)(merged[1]),
        L.ELU()(merged[2]),
        L.Softmax()(merged[3]),
        L.Activation("gelu")(merged[4]),
        L.Activation("hard_sigmoid")(merged[5]),
    ]
    g = L.Concatenate()([*acts, *pooled, f[2]])
    g = L.GaussianNoise(0.0)(L.Dropout(0.0)(g))
    g = L.Reshape((8, 4))(L.Dense(32)(g))
    g = L.Flatten()(g)
    g = L.RepeatVector(2)(g)
    out = L.Dense(1, activation=L.LeakyReLU(negative_slope=0.1), kernel_regularizer="l2", bias_constraint="max_norm")(g)
    model = keras.Model([image, words], out, name="every_layer")
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), "mse", metrics=["mae"])
    return model


def nested():
    source = keras.Input((4,), name="in")
    inner = keras.Sequential([L.Dense(3, activation="relu"), L.BatchNormalization(), L.Dropout(0.0)], name="inner")
    i = keras.Input((3,))
    graph = keras.Model(i, L.Dense(3, name="zz")(i), name="graph")
    shared = L.Dense(4, name="shared", activation="tanh")
    a = graph(inner(shared(shared(source))))
    b = graph(a)
    frozen = L.Dense(3, trainable=False, name="frozen")(b)
    out = L.Dense(2, name="last")(L.Add()([a, frozen]))
    model = keras.Model(source, out, name="nested")
    rate = keras.optimizers.schedules.ExponentialDecay(0.05, 3, 0.5)
    model.compile(keras.optimizers.Adam(rate), keras.losses.Huber(0.5), metrics=["mae", keras.metrics.RootMeanSquaredError()])
    return model


def small(optimizer):
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((3,)), L.Dense(3, activation="tanh"), L.Dense(2)], name="small")
    model.compile(optimizer, "mse")
    return model


O = keras.optimizers
OPTIMIZERS = {
    "SGD": lambda: O.SGD(0.05, momentum=0.9, nesterov=True),
    "RMSprop": lambda: O.RMSprop(0.01, momentum=0.9, centered=True),
    "Adam amsgrad": lambda: O.Adam(0.01, amsgrad=True, clipnorm=1.0),
    "AdamW": lambda: O.AdamW(0.01, weight_decay=0.01),
    "Adadelta": lambda: O.Adadelta(0.5),
    "Adagrad": lambda: O.Adagrad(0.05),
    "Adamax": lambda: O.Adamax(0.01),
    "Adafactor": lambda: O.Adafactor(0.01),
    "Nadam": lambda: O.Nadam(0.01),
    "Ftrl": lambda: O.Ftrl(0.05),
    "Lion": lambda: O.Lion(0.005),
    "Lamb": lambda: O.Lamb(0.01),
    "Muon": lambda: O.Muon(0.01),
    "ScheduleFreeAdamW": lambda: O.ScheduleFreeAdamW(0.01),
    "EMA, accumulation": lambda: O.Adam(0.01, use_ema=True, ema_momentum=0.9, gradient_accumulation_steps=2),
    # Not Nadam: inside another optimizer, Keras on JAX loses the product of its momenta at every step.
    "LossScale": lambda: O.LossScaleOptimizer(O.Adam(0.01, use_ema=True), initial_scale=64.0),
}


def hdf5():
    """What Keras does not write, but h5py can: chunks, compression, byte orders, booleans, texts."""
    file = io.BytesIO()
    rng = np.random.default_rng(1)
    arrays = {
        "chunked": rng.normal(size=(7, 5)).astype("<f4"),
        "gzip": np.arange(200, dtype="<i4").reshape(10, 20),
        "big": np.array([1.5, -2.25], ">f8"),
        "half": np.array([0.5, 65504.0], "<f2"),
        "bool": np.array([True, False]),
        "scalar": np.int64(-5),
        "empty": np.zeros((0, 3), "<f4"),
        "bytes": np.arange(4, dtype="u1"),
    }
    with h5py.File(file, "w") as h:
        h.attrs["text"] = "déjà"
        h.attrs["fixed"] = np.bytes_(b"abc")
        h.attrs["list"] = np.array([b"a", b"bcd"])
        h.attrs["texts"] = ["x", "yz"]
        h.attrs["number"] = 3
        for name, value in arrays.items():
            kwargs = {"chunked": {"chunks": (3, 2)}, "gzip": {"compression": "gzip", "shuffle": True, "chunks": (4, 7), "fletcher32": True}}
            h.create_dataset(f"group/{name}", data=value, **kwargs.get(name, {}))
        many = h.create_group("many")
        for i in range(400):
            many[str(i)] = np.float32(i)
    return {
        "file": text(file.getvalue()),
        "arrays": {n: {"shape": list(np.shape(a)), "values": np.ravel(a).astype(float).tolist()} for n, a in arrays.items()},
    }


def document():
    keras.utils.set_random_seed(1)
    cases = {"every layer": case(every_layer(), (".keras", ".h5"))}
    keras.utils.set_random_seed(2)
    cases["nested"] = case(nested(), (".keras", ".weights.h5", ".h5"))
    for name, make in OPTIMIZERS.items():
        endings = (".keras", ".weights.h5", ".h5") if name == "Adam amsgrad" else (".keras",)
        cases[name] = case(small(make()), endings)
    return {"made": f"Keras {keras.__version__}, {keras.backend.backend()}, by keras_files.py", "cases": cases, "hdf5": hdf5()}


def check():
    ours = json.loads((HERE / "keras-by-gradstep.json").read_text())
    for name, one in ours["cases"].items():
        model = loaded(one["file"])
        x = [np.array(a["values"], "float32").reshape(a["shape"]) for a in one["x"]]
        y = np.array(one["y"]["values"], "float32").reshape(one["y"]["shape"])
        x = x if len(x) > 1 else x[0]
        predicted = np.ravel(model.predict(x, verbose=0))
        assert np.allclose(predicted, one["predicted"], rtol=1e-5, atol=1e-5), name
        losses = [float(np.ravel(model.train_on_batch(x, y))[0]) for _ in one["losses"]]
        assert np.allclose(losses, one["losses"], rtol=1e-4, atol=1e-5), (name, losses, one["losses"])
        print(f"{name}: opened, predictions and {len(losses)} steps equal")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    else:
        (HERE / "keras-files.json").write_text(json.dumps(document()) + "\n")
