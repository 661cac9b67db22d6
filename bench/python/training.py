"""Training on one thread: `training.py keras` by Keras's `fit` on the backend that KERAS_BACKEND names,
`training.py torch` by PyTorch's loop. Answers lines of contestants/python.mjs, which writes the cases.
"""

import functools
import json
import math
import sys
import time

import numpy as np

BATCHES = 64


def read(path):
    """(case, weights, x, classes), of numpy arrays."""
    with open(f"{path}.json") as file:
        case = json.load(file)
    numbers = np.fromfile(f"{path}.bin", dtype=np.float32)
    at = 0

    def take(shape, dtype=np.float32):
        nonlocal at
        length = math.prod(shape)
        at += length
        return numbers[at - length : at].view(dtype).reshape(shape)

    weights = [take(shape) for shape in shapes(case)]
    count = BATCHES * case["batch"]
    x = take([count, *case["input"]], np.int32 if "indices" in case else np.float32)
    return case, weights, x, take([count], np.int32)


def shapes(case):
    """Shapes of all weights, in Keras's order."""
    for layer in case["layers"]:
        match layer["kind"]:
            case "dense":
                yield [layer["inputs"], layer["units"]]
                yield [layer["units"]]
            case "conv":
                yield [layer["size"], layer["size"], layer["channels"], layer["filters"]]
                yield [layer["filters"]]
            case "embedding":
                yield [layer["rows"], layer["width"]]


def serve(version, make):
    """Answers lines until they end; `make(path)` gives an object with `loss()`, and `run` or `fit`, in milliseconds."""
    state = None
    for line in sys.stdin:
        match line.split():
            case ["version"]:
                answer = version
            case ["make", path]:
                state, answer = make(path), "ready"
            case ["run", steps]:
                answer = state.run(int(steps))
            case ["fit", *numbers]:
                answer = state.fit(*map(int, numbers))
            case ["loss"]:
                answer = state.loss()
            case ["dispose"]:
                state, answer = None, "done"
        print(answer, flush=True)


def keras_fit():
    import keras
    from keras import layers

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
            case, weights, self.x, classes = read(path)
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


def torch_loop():
    import torch
    from torch import nn

    class ChannelsLast(nn.Module):
        """Flattens images as Keras does, so that the weights behind are the same."""

        def forward(self, x):
            return (x.permute(0, 2, 3, 1) if x.dim() == 4 else x).flatten(1)

    def modules(layer):
        match layer["kind"]:
            case "dense":
                dense = nn.Linear(layer["inputs"], layer["units"])
                # The last one's softmax is in its loss.
                return [dense, nn.ReLU()] if layer["activation"] == "relu" else [dense]
            case "conv":
                return [nn.Conv2d(layer["channels"], layer["filters"], layer["size"]), nn.ReLU()]
            case "pool":
                return [nn.MaxPool2d(layer["size"])]
            case "flatten":
                return [ChannelsLast()]
            case "embedding":
                return [nn.Embedding(layer["rows"], layer["width"], sparse=layer["rows"] > 100_000)]

    def as_theirs(module_weight, weight):
        """Dense and convolution kernels have their outputs first."""
        if weight.ndim == 4:
            return weight.transpose(3, 2, 0, 1)
        return weight.T if weight.ndim == 2 and module_weight.shape != weight.shape else weight

    class Training:
        def __init__(self, path):
            case, weights, x, classes = read(path)
            self.model = nn.Sequential(*(module for layer in case["layers"] for module in modules(layer)))
            with torch.no_grad():
                for parameter, weight in zip(self.model.parameters(), weights):
                    parameter.copy_(torch.from_numpy(as_theirs(parameter, weight).copy()))
            self.rule, parameters = case.get("rule"), list(self.model.parameters())
            if self.rule == "LBFGS":
                self.optimizers = [torch.optim.LBFGS(parameters, lr=case["rate"], line_search_fn="strong_wolfe")]
            else:
                rows, rest = (parameters[:1], parameters[1:]) if self.rule == "rows" else ([], parameters)
                self.optimizers = [torch.optim.Adam(rest, lr=case["rate"], eps=1e-7, fused=True)]
                if rows:
                    self.optimizers.append(torch.optim.SparseAdam(rows, lr=case["rate"], eps=1e-7))
            images = x.transpose(0, 3, 1, 2) if x.ndim == 4 else x
            self.xs = torch.from_numpy(images.copy()).chunk(BATCHES)
            labels = torch.from_numpy(classes.astype(np.int64))
            if case["labels"] == "oneHot":
                labels = nn.functional.one_hot(labels, case["classes"]).float()
            self.ys = labels.chunk(BATCHES)
            self.done = 0

        def run(self, steps):
            start = time.perf_counter()
            for _ in range(steps):
                i = self.done % BATCHES
                self.done += 1
                if self.rule == "LBFGS":
                    self.optimizers[0].step(functools.partial(self.backward, 0))
                    continue
                self.backward(i)
                if self.rule == "SAM":
                    self.ascend(i)
                for optimizer in self.optimizers:
                    optimizer.step()
            return (time.perf_counter() - start) * 1000

        def backward(self, i):
            for optimizer in self.optimizers:
                optimizer.zero_grad()
            loss = nn.functional.cross_entropy(self.model(self.xs[i]), self.ys[i])
            loss.backward()
            return loss

        def ascend(self, i):
            """The gradients of SAM, a distance of 0.05 up the gradient."""
            parameters = list(self.model.parameters())
            with torch.no_grad():
                scale = 0.05 / (torch.stack([p.grad.norm() for p in parameters]).norm() + 1e-12)
                moves = [p.grad * scale for p in parameters]
                torch._foreach_add_(parameters, moves)
            self.backward(i)
            with torch.no_grad():
                torch._foreach_sub_(parameters, moves)

        def loss(self):
            with torch.no_grad():
                return nn.functional.cross_entropy(self.model(self.xs[0]), self.ys[0]).item()

    torch.set_num_threads(1)
    serve(f"PyTorch {torch.__version__.split('+')[0]}, one thread", Training)


{"keras": keras_fit, "torch": torch_loop}[sys.argv[1]]()
