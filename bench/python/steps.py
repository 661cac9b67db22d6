"""PyTorch's optimizers on one thread, for the lines of contestants/child.mjs."""

import gc
import sys
import time

import torch

WEIGHTS_FROM = 7919  # as in data.mjs
LEARNING_RATE = 0.001

# Fused where PyTorch has a fused CPU kernel. Muon's and Adafactor's variants are its own: Muon iterates in bfloat16.
OPTIMIZERS = {
    "Adam": lambda p: torch.optim.Adam(p, lr=LEARNING_RATE, eps=1e-7, fused=True),
    "SGD": lambda p: torch.optim.SGD(p, lr=LEARNING_RATE, fused=True),
    "Adafactor": lambda p: torch.optim.Adafactor(p, lr=LEARNING_RATE, foreach=True),
    "Muon": lambda p: torch.optim.Muon(p, lr=LEARNING_RATE, weight_decay=0, adjust_lr_fn="match_rms_adamw"),
}


def pool(path):
    return torch.from_file(path, size=1 << 20, dtype=torch.float32)


def repeated(numbers, start, length):
    return numbers[(torch.arange(start, start + length)) % len(numbers)]


class Problem:
    def __init__(self, optimizer, count, rows, cols, matrix, gradients, weights):
        gradients, weights = pool(gradients), pool(weights)
        length, shape = rows * cols, (rows, cols) if matrix else (rows * cols,)
        self.parameters = []
        for i in range(count):
            start = repeated(weights, i * length + WEIGHTS_FROM, length) * 0.5
            parameter = torch.nn.Parameter(start.reshape(shape))
            parameter.grad = repeated(gradients, i * length, length).reshape(shape)
            self.parameters.append(parameter)
        self.optimizer = OPTIMIZERS[optimizer](self.parameters)

    def run(self, steps):
        step = self.optimizer.step
        start = time.perf_counter()
        for _ in range(steps):
            step()
        return (time.perf_counter() - start) * 1000

    def weights(self, count):
        return " ".join(str(x) for x in self.parameters[0].detach().flatten()[:count].tolist())


def answer(words, state):
    match words:
        case ["version"]:
            return f"PyTorch {torch.__version__.split('+')[0]}, one thread"
        case ["make", optimizer, *numbers, gradients, weights]:
            try:
                state["problem"] = Problem(optimizer, *map(int, numbers), gradients, weights)
            except (KeyError, AttributeError, TypeError):  # this PyTorch has no such optimizer
                return "none"
            return "ready"
        case ["run", steps]:
            return str(state["problem"].run(int(steps)))
        case ["weights", count]:
            return state["problem"].weights(int(count))
        case ["dispose"]:
            state.clear()
            gc.collect()
            return "done"
    raise ValueError(f"unknown line: {words}")


def main():
    torch.set_num_threads(1)
    gc.disable()
    state = {}
    for line in sys.stdin:
        print(answer(line.split(), state), flush=True)


main()
