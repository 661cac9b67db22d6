"""Every layer in several configurations: arguments, shapes of the inputs, and whether it trains."""

ACTIVATIONS = [
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "swish", "sigmoid", "log_sigmoid", "hard_sigmoid",
    "hard_silu", "hard_swish", "hard_tanh", "tanh", "tanh_shrink", "softmax", "log_softmax", "softplus", "softsign", "exponential", "mish",
    "soft_shrink", "hard_shrink", "squareplus", "sparse_plus", "sparse_sigmoid",
]
# Points where a derivative jumps, and far ones: results only.
EDGES = [0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 6.0, -6.0, 1e-6, -1e-6, 8.0, -8.0, 2.5, -2.5, -0.0]
FAR = [15.0, -15.0, 30.0, -30.0, 80.0, -80.0]


def case(name, class_name, config, shapes, **extra):
    """`shapes` is one input's shape or a list of them, batch included."""
    many = isinstance(shapes[0], list)
    return {"id": f"{class_name}: {name}", "class_name": class_name, "config": config, "shapes": shapes if many else [shapes], **extra}


def _dense():
    yield case("plain", "Dense", {"units": 4}, [3, 5])
    yield case("no bias", "Dense", {"units": 3, "use_bias": False}, [4, 6])
    for name in ["relu", "tanh", "softmax", "sigmoid", "gelu", "leaky_relu"]:
        yield case(name, "Dense", {"units": 5, "activation": name}, [4, 3])
    yield case("no bias, selu", "Dense", {"units": 7, "use_bias": False, "activation": "selu"}, [2, 9])
    yield case("one unit", "Dense", {"units": 1}, [5, 17])
    yield case("one input", "Dense", {"units": 6}, [3, 1])
    yield case("rank 3", "Dense", {"units": 4, "activation": "elu"}, [2, 3, 5])
    yield case("rank 4", "Dense", {"units": 3}, [2, 2, 3, 4])


def _activations():
    for name in ACTIVATIONS:
        yield case(name, "Activation", {"activation": name}, [3, 8], scale=2.0)
        yield case(f"{name}, edges", "Activation", {"activation": name}, [2, 8], values=EDGES, gradients=False)
        if name not in ("exponential", "squareplus"):
            yield case(f"{name}, far", "Activation", {"activation": name}, [1, 6], values=FAR, gradients=False)
    yield case("softmax, rank 4", "Activation", {"activation": "softmax"}, [2, 2, 3, 4])
    yield case("plain", "ReLU", {}, [3, 5])
    yield case("all arguments", "ReLU", {"max_value": 1.5, "negative_slope": 0.2, "threshold": 0.3}, [4, 6], scale=2.0)
    yield case("max_value and negative_slope", "ReLU", {"max_value": 1.0, "negative_slope": 0.1}, [4, 6])
    yield case("threshold", "ReLU", {"threshold": 0.5}, [4, 6])
    yield case("plain", "LeakyReLU", {}, [3, 5])
    yield case("slope", "LeakyReLU", {"negative_slope": 0.05}, [3, 5])
    yield case("alpha", "ELU", {"alpha": 0.7}, [3, 5])
    yield case("plain", "PReLU", {}, [3, 5])
    yield case("shared axes", "PReLU", {"shared_axes": [1, 2]}, [2, 3, 4, 3])
    yield case("one shared axis", "PReLU", {"shared_axes": [1]}, [2, 3, 4])
    yield case("plain", "Softmax", {}, [3, 5])
    yield case("axis 1", "Softmax", {"axis": 1}, [2, 3, 4])


def _shapes():
    yield case("plain", "Identity", {}, [2, 3, 2])
    yield case("rank 4", "Flatten", {}, [2, 3, 2, 2])
    yield case("rank 2", "Flatten", {}, [3, 4])
    yield case("rank 1", "Flatten", {}, [3])
    yield case("fixed", "Reshape", {"target_shape": [3, 4]}, [2, 12])
    yield case("-1", "Reshape", {"target_shape": [-1, 2, 3]}, [2, 4, 6])
    yield case("-1 alone", "Reshape", {"target_shape": [-1]}, [2, 2, 3])
    yield case("inference", "Dropout", {"rate": 0.5}, [3, 4])
    yield case("training, rate 0", "Dropout", {"rate": 0.0}, [3, 4], training=True)
    yield case("training, rate 1", "Dropout", {"rate": 1.0}, [3, 4], training=True)
    yield case("plain", "ZeroPadding2D", {}, [2, 2, 3, 2])
    yield case("a number", "ZeroPadding2D", {"padding": 2}, [1, 2, 2, 3])
    yield case("height and width", "ZeroPadding2D", {"padding": [0, 2]}, [2, 3, 2, 1])
    yield case("four sides", "ZeroPadding2D", {"padding": [[1, 0], [2, 3]]}, [1, 3, 2, 2])


def _rescaling():
    yield case("scale", "Rescaling", {"scale": 0.3}, [3, 4])
    yield case("offset", "Rescaling", {"scale": 1 / 127.5, "offset": -1.0}, [2, 3, 2, 3], scale=100.0)
    yield case("channels", "Rescaling", {"scale": [0.1, 0.2, 0.3], "offset": [1.0, -2.0, 0.5]}, [2, 3, 2, 3])
    yield case("rows and columns", "Rescaling", {"scale": [[0.5], [2.0]], "offset": [0.0, 1.0, 2.0]}, [4, 2, 3])
    yield case("vectors of one", "Rescaling", {"scale": 2, "offset": [3]}, [5, 1])


def _fixed_normalization():
    yield case("rank 2", "Normalization", {}, [4, 3])
    yield case("channels", "Normalization", {"axis": [-1]}, [2, 3, 2, 3])
    yield case("inverse", "Normalization", {"invert": True}, [4, 3])
    yield case("two axes", "Normalization", {"axis": [1, -1]}, [3, 2, 2, 4])
    yield case("axes out of order", "Normalization", {"axis": [-1, 1]}, [3, 2, 4])
    yield case("no axis", "Normalization", {"axis": []}, [4, 3])
    yield case("one number", "Normalization", {"mean": 0.5, "variance": 2.0}, [4, 3])
    yield case("given channels", "Normalization", {"mean": [0.1, -0.2, 0.3], "variance": [1.0, 2.0, 4.0]}, [2, 2, 2, 3])
    yield case("given, two axes", "Normalization", {"axis": [1, 2], "mean": [[1.0], [2.0]], "variance": [[0.5], [3.0]]}, [3, 2, 3])
    yield case("given for the last of two axes", "Normalization", {"axis": [1, 2], "mean": [1.0, 2.0, 3.0], "variance": [0.5, 3.0, 1.0]}, [3, 2, 3])
    yield case("given, inverse", "Normalization", {"mean": [0.1, -0.2, 0.3], "variance": [1.0, 2.0, 4.0], "invert": True}, [4, 3])
    yield case("no variance", "Normalization", {"mean": [0.5, 1.0], "variance": [0.0, 1e-15]}, [3, 2], gradients=False)


def _normalization():
    for training in (True, False):
        mode = "training" if training else "inference"
        for name, config, shape in [
            ("rank 2", {}, [6, 5]),
            ("rank 4", {}, [3, 4, 3, 2]),
            ("no center", {"center": False}, [6, 4]),
            ("no scale", {"scale": False}, [6, 4]),
            ("neither", {"center": False, "scale": False}, [5, 3]),
            ("axis 1", {"axis": 1}, [3, 4, 5]),
            ("momentum and epsilon", {"momentum": 0.7, "epsilon": 0.05}, [7, 3]),
        ]:
            yield case(f"{name}, {mode}", "BatchNormalization", config, shape, training=training)
    yield case("not trainable, training", "BatchNormalization", {"trainable": False}, [6, 3], training=True)
    yield case("one row, training", "BatchNormalization", {}, [1, 3], training=True, gradients=False)
    yield case("rank 2", "LayerNormalization", {}, [4, 6])
    yield case("rank 4", "LayerNormalization", {}, [2, 3, 2, 5])
    yield case("axis 1", "LayerNormalization", {"axis": 1}, [2, 5, 3])
    yield case("axes 1 and 2", "LayerNormalization", {"axis": [1, 2]}, [2, 3, 4])
    yield case("no center", "LayerNormalization", {"center": False}, [3, 5])
    yield case("no scale", "LayerNormalization", {"scale": False}, [3, 5])
    yield case("neither, epsilon", "LayerNormalization", {"center": False, "scale": False, "epsilon": 0.1}, [3, 5])


def _embedding():
    yield case("rank 1", "Embedding", {"input_dim": 7, "output_dim": 3}, [5], indices=7)
    yield case("rank 2, repeats", "Embedding", {"input_dim": 4, "output_dim": 5}, [3, 6], indices=4)
    yield case("rank 3", "Embedding", {"input_dim": 9, "output_dim": 2}, [2, 2, 3], indices=9)
    yield case("one column", "Embedding", {"input_dim": 5, "output_dim": 1}, [2, 4], indices=5)


def _merging():
    yield case("two", "Add", {}, [[3, 4], [3, 4]])
    yield case("three", "Add", {}, [[2, 2, 3], [2, 2, 3], [2, 2, 3]])
    yield case("broadcast", "Add", {}, [[2, 3, 4], [2, 1, 4]])
    yield case("last axis", "Concatenate", {}, [[3, 2], [3, 4]])
    yield case("axis 1", "Concatenate", {"axis": 1}, [[2, 1, 3], [2, 4, 3], [2, 2, 3]])
    yield case("axis -2", "Concatenate", {"axis": -2}, [[2, 1, 2, 3], [2, 1, 3, 3]])
    yield case("images", "Concatenate", {}, [[2, 2, 2, 1], [2, 2, 2, 3]])


LAYERS = [*_dense(), *_activations(), *_shapes(), *_rescaling(), *_fixed_normalization(), *_normalization(), *_embedding(), *_merging()]
