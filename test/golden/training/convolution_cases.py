"""Convolutions and pooling. Sizes and strides are chosen so that `same` pads unevenly and `valid` leaves a rest."""

from layer_cases import case


def _conv2d():
    name = "Conv2D"
    yield case("3x3 valid", name, {"filters": 3, "kernel_size": 3}, [2, 6, 5, 2])
    yield case("3x3 same", name, {"filters": 4, "kernel_size": [3, 3], "padding": "same"}, [2, 5, 6, 3])
    yield case("one channel", name, {"filters": 5, "kernel_size": 3, "padding": "same"}, [2, 5, 5, 1])
    yield case("1x1", name, {"filters": 3, "kernel_size": 1}, [2, 4, 3, 5])
    yield case("1x1, stride 2", name, {"filters": 3, "kernel_size": 1, "strides": 2}, [2, 5, 4, 2])
    yield case("even kernel, same", name, {"filters": 2, "kernel_size": [2, 4], "padding": "same"}, [1, 5, 6, 2])
    yield case("3x2, valid", name, {"filters": 2, "kernel_size": [3, 2]}, [2, 5, 4, 3])
    yield case("5x1, same", name, {"filters": 2, "kernel_size": [5, 1], "padding": "same"}, [1, 6, 3, 2])
    yield case("stride 2, same, uneven", name, {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same"}, [2, 6, 7, 2])
    yield case("strides 2 and 3, valid, rest", name, {"filters": 2, "kernel_size": 3, "strides": [2, 3]}, [1, 8, 9, 2])
    yield case("strides 3 and 1, same", name, {"filters": 2, "kernel_size": [2, 3], "strides": [3, 1], "padding": "same"}, [1, 7, 4, 2])
    yield case("stride beyond kernel, same", name, {"filters": 2, "kernel_size": 2, "strides": 3, "padding": "same"}, [1, 7, 8, 2])
    yield case("dilation 2, valid", name, {"filters": 3, "kernel_size": 3, "dilation_rate": 2}, [1, 7, 8, 2])
    yield case("dilations 2 and 3, same", name, {"filters": 2, "kernel_size": [3, 2], "dilation_rate": [2, 3], "padding": "same"}, [1, 6, 7, 2])
    yield case("no bias", name, {"filters": 4, "kernel_size": 3, "use_bias": False}, [1, 5, 5, 3])
    yield case("relu, same", name, {"filters": 4, "kernel_size": 3, "padding": "same", "activation": "relu"}, [2, 4, 4, 2])
    yield case("tanh, stride 2", name, {"filters": 3, "kernel_size": 2, "strides": 2, "activation": "tanh"}, [2, 6, 6, 2])
    yield case("kernel as large as the image", name, {"filters": 2, "kernel_size": [4, 3]}, [2, 4, 3, 2])
    yield case("kernel larger than the image, same", name, {"filters": 2, "kernel_size": 5, "padding": "same"}, [1, 3, 2, 2])
    yield case("groups 2", name, {"filters": 4, "kernel_size": 3, "groups": 2}, [1, 5, 4, 6])


def _depthwise():
    name = "DepthwiseConv2D"
    yield case("3x3 valid", name, {"kernel_size": 3}, [2, 5, 6, 3])
    yield case("3x3 same", name, {"kernel_size": 3, "padding": "same"}, [2, 4, 5, 4])
    yield case("multiplier 2", name, {"kernel_size": 3, "depth_multiplier": 2, "padding": "same"}, [1, 5, 4, 3])
    yield case("multiplier 3, stride 2, relu", name, {"kernel_size": 2, "depth_multiplier": 3, "strides": 2, "activation": "relu"}, [1, 5, 6, 2])
    yield case("stride 2, same, uneven", name, {"kernel_size": 3, "strides": 2, "padding": "same"}, [2, 6, 7, 2])
    yield case("no bias, 2x3", name, {"kernel_size": [2, 3], "use_bias": False}, [1, 4, 5, 5])
    yield case("dilation 2", name, {"kernel_size": 3, "dilation_rate": 2, "padding": "same"}, [1, 6, 5, 2])


def _conv1d():
    name = "Conv1D"
    yield case("valid", name, {"filters": 3, "kernel_size": 3}, [2, 7, 2])
    yield case("same, even kernel", name, {"filters": 2, "kernel_size": 4, "padding": "same"}, [2, 6, 3])
    yield case("causal", name, {"filters": 3, "kernel_size": 3, "padding": "causal"}, [2, 6, 2])
    yield case("causal, dilation 2", name, {"filters": 2, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, [1, 8, 3])
    yield case("causal, stride 2", name, {"filters": 2, "kernel_size": 3, "padding": "causal", "strides": 2}, [1, 7, 2])
    yield case("stride 2, same, uneven", name, {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"}, [2, 8, 2])
    yield case("dilation 3, valid", name, {"filters": 2, "kernel_size": 2, "dilation_rate": 3}, [1, 8, 2])
    yield case("no bias, sigmoid", name, {"filters": 3, "kernel_size": 2, "use_bias": False, "activation": "sigmoid"}, [2, 5, 4])


def _transposed():
    name = "Conv2DTranspose"
    yield case("3x3 valid", name, {"filters": 3, "kernel_size": 3}, [2, 3, 4, 2])
    yield case("3x3 same", name, {"filters": 2, "kernel_size": 3, "padding": "same"}, [1, 4, 3, 3])
    yield case("stride 2, same", name, {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same"}, [2, 3, 4, 2])
    yield case("stride 2, valid", name, {"filters": 2, "kernel_size": 3, "strides": 2}, [1, 3, 2, 3])
    yield case("even kernel, stride 2, same", name, {"filters": 2, "kernel_size": 4, "strides": 2, "padding": "same"}, [1, 3, 3, 2])
    yield case("stride beyond kernel, valid", name, {"filters": 2, "kernel_size": 2, "strides": 3}, [1, 2, 3, 2])
    yield case("stride beyond kernel, same", name, {"filters": 2, "kernel_size": 2, "strides": 3, "padding": "same"}, [1, 2, 3, 2])
    yield case("2x3, strides 1 and 2", name, {"filters": 2, "kernel_size": [2, 3], "strides": [1, 2], "padding": "same"}, [1, 3, 3, 2])
    yield case("no bias, relu", name, {"filters": 3, "kernel_size": 2, "strides": 2, "use_bias": False, "activation": "relu"}, [2, 2, 3, 2])
    yield case("dilation 2, valid", name, {"filters": 2, "kernel_size": 2, "dilation_rate": 2}, [1, 3, 4, 2])
    yield case("output_padding 1, same", name, {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 1}, [1, 3, 2, 2])
    yield case("output_padding 0, valid", name, {"filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 0}, [1, 3, 2, 2])


def _pooling():
    for name in ["MaxPooling2D", "AveragePooling2D"]:
        # AveragePooling2D has no default for pool_size, MaxPooling2D has.
        size = {} if name == "MaxPooling2D" else {"pool_size": 2}
        yield case("plain", name, size, [2, 4, 6, 2])
        yield case("rest, valid", name, size, [2, 5, 7, 3])
        yield case("rest, same", name, {**size, "padding": "same"}, [2, 5, 7, 2])
        yield case("3x2, strides 2 and 1, valid", name, {"pool_size": [3, 2], "strides": [2, 1]}, [1, 7, 5, 2])
        yield case("3x3, stride 2, same", name, {"pool_size": 3, "strides": 2, "padding": "same"}, [1, 6, 7, 2])
        yield case("3x3, stride 1, same", name, {"pool_size": 3, "strides": 1, "padding": "same"}, [1, 4, 5, 3])
        yield case("stride beyond pool", name, {"pool_size": 2, "strides": 3}, [1, 8, 7, 2])
        yield case("the whole image", name, {"pool_size": [3, 4]}, [2, 3, 4, 2])
    for name in ["GlobalAveragePooling2D", "GlobalMaxPooling2D"]:
        yield case("plain", name, {}, [2, 3, 4, 3])
        yield case("keepdims", name, {"keepdims": True}, [2, 2, 3, 2])


CONVOLUTIONS = [*_conv2d(), *_depthwise(), *_conv1d(), *_transposed(), *_pooling()]
