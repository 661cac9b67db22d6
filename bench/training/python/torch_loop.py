"""PyTorch's training loop on one thread."""

import time

import numpy as np
import torch
from torch import nn

from case import BATCHES, read, serve


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
            return [nn.Embedding(layer["rows"], layer["width"])]


def as_theirs(module_weight, weight):
    """Dense and convolution kernels have their outputs first."""
    if weight.ndim == 4:
        return weight.transpose(3, 2, 0, 1)
    return weight.T if weight.ndim == 2 and module_weight.shape != weight.shape else weight


class Training:
    def __init__(self, path):
        case, weights, x, classes = read(path, np)
        self.model = nn.Sequential(*(module for layer in case["layers"] for module in modules(layer)))
        with torch.no_grad():
            for parameter, weight in zip(self.model.parameters(), weights):
                parameter.copy_(torch.from_numpy(as_theirs(parameter, weight).copy()))
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=case["rate"], eps=1e-7, fused=True)
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
            self.optimizer.zero_grad()
            nn.functional.cross_entropy(self.model(self.xs[i]), self.ys[i]).backward()
            self.optimizer.step()
        return (time.perf_counter() - start) * 1000

    def loss(self):
        with torch.no_grad():
            return nn.functional.cross_entropy(self.model(self.xs[0]), self.ys[0]).item()


torch.set_num_threads(1)
serve(f"PyTorch {torch.__version__.split('+')[0]}, one thread", Training)
