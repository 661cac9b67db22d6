"""PyTorch's optimizers on one thread, or optax's (`steps.py optax`), for the lines of contestants/child.mjs."""

import functools
import gc
import sys
import time

LIBRARY = sys.argv[1]
if LIBRARY == "torch":
    import torch
else:
    import jax
    import numpy as np
    import optax

WEIGHTS_FROM = 7919  # as in data.mjs
LEARNING_RATE = 0.001

# Fused where PyTorch has a fused CPU kernel. Muon's and Adafactor's variants are its own: Muon iterates in bfloat16.
OPTIMIZERS = {
    "Adam": lambda p: torch.optim.Adam(p, lr=LEARNING_RATE, eps=1e-7, fused=True),
    "SGD": lambda p: torch.optim.SGD(p, lr=LEARNING_RATE, fused=True),
    "Adafactor": lambda p: torch.optim.Adafactor(p, lr=LEARNING_RATE, foreach=True),
    "Muon": lambda p: torch.optim.Muon(p, lr=LEARNING_RATE, weight_decay=0, adjust_lr_fn="match_rms_adamw"),
    "RAdam": lambda p: torch.optim.RAdam(p, lr=LEARNING_RATE, foreach=True),
    "Rprop": lambda p: torch.optim.Rprop(p, lr=LEARNING_RATE, foreach=True),
}

# Optax adds Adam's epsilon after the bias correction too; its Adan is another variant.
OPTAX = {
    "Adam": lambda: optax.adam(LEARNING_RATE, eps=1e-7),
    "SGD": lambda: optax.sgd(LEARNING_RATE),
    "Lion": lambda: optax.lion(LEARNING_RATE, b1=0.9, b2=0.99, weight_decay=0.0),
    "Lamb": lambda: optax.lamb(LEARNING_RATE, eps=1e-7),
    "ADOPT": lambda: optax.contrib.adopt(LEARNING_RATE, b1=0.9, b2=0.9999, eps=1e-6),
    "AdEMAMix": lambda: optax.contrib.ademamix(LEARNING_RATE, b1=0.9, b2=0.999, b3=0.9999, alpha=5.0, eps=1e-8),
    "AdaBelief": lambda: optax.adabelief(LEARNING_RATE, eps=1e-16, eps_root=1e-16),
    "Adan": lambda: optax.adan(LEARNING_RATE, b1=0.98, b2=0.92, b3=0.99, eps=1e-8),
    "DAdaptAdam": lambda: optax.contrib.dadapt_adamw(LEARNING_RATE),
    "LARS": lambda: optax.lars(LEARNING_RATE, weight_decay=0.0, trust_coefficient=0.001, momentum=0.9),
    "NAdamW": lambda: optax.nadamw(LEARNING_RATE, weight_decay=0.0),
    "Prodigy": lambda: optax.contrib.prodigy(LEARNING_RATE),
    "RAdam": lambda: optax.radam(LEARNING_RATE),
    "Rprop": lambda: optax.rprop(LEARNING_RATE),
    "ScheduleFree": lambda: optax.contrib.schedule_free_sgd(LEARNING_RATE),
    "ScheduleFreeSGD": lambda: optax.contrib.schedule_free_sgd(LEARNING_RATE),
    "Signum": lambda: optax.chain(optax.ema(0.9, debias=False), optax.scale_by_sign(), optax.scale(-LEARNING_RATE)),
    "Yogi": lambda: optax.yogi(LEARNING_RATE, eps=1e-3),
}


def pool(path):
    # Without NumPy where PyTorch is, which may be too old for it.
    return torch.from_file(path, size=1 << 20, dtype=torch.float32) if LIBRARY == "torch" else np.fromfile(path, dtype=np.float32)


def repeated(numbers, start, length):
    places = torch.arange if LIBRARY == "torch" else np.arange
    return numbers[places(start, start + length) % len(numbers)]


def arrays(count, rows, cols, matrix, gradients, weights):
    """Start weights and gradient of each tensor, as arrays of the library."""
    gradients, weights = pool(gradients), pool(weights)
    length, shape = rows * cols, (rows, cols) if matrix else (rows * cols,)
    for i in range(count):
        start = repeated(weights, i * length + WEIGHTS_FROM, length) * 0.5
        yield start.reshape(shape), repeated(gradients, i * length, length).reshape(shape)


class Problem:
    """Steps of PyTorch."""

    def __init__(self, optimizer, *numbers):
        self.parameters = []
        for start, gradient in arrays(*numbers):
            parameter = torch.nn.Parameter(start)
            parameter.grad = gradient
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


class OptaxProblem:
    """Steps of optax, each one compiled function that writes to the arrays that it reads."""

    def __init__(self, optimizer, *numbers):
        rule = OPTAX[optimizer]()
        self.parameters, self.gradients = zip(*((jax.numpy.array(w), jax.numpy.array(g)) for w, g in arrays(*numbers)))
        # Copies: some states begin as the parameters, and a step may write to each array once.
        self.state = jax.tree.map(jax.numpy.array, rule.init(self.parameters))

        @functools.partial(jax.jit, donate_argnums=(0, 1))
        def step(parameters, state, gradients):
            updates, state = rule.update(gradients, state, parameters)
            return optax.apply_updates(parameters, updates), state

        self.step = step

    def run(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            self.parameters, self.state = self.step(self.parameters, self.state, self.gradients)
        jax.block_until_ready(self.parameters)
        return (time.perf_counter() - start) * 1000

    def weights(self, count):
        return " ".join(str(x) for x in np.asarray(self.parameters[0]).ravel()[:count].tolist())


def answer(words, state):
    match words:
        case ["version"]:
            name, module = ("PyTorch", torch) if LIBRARY == "torch" else ("optax", optax)
            return f"{name} {module.__version__.split('+')[0]}, one thread"
        case ["make", optimizer, *numbers, gradients, weights]:
            made = Problem if LIBRARY == "torch" else OptaxProblem
            try:
                state["problem"] = made(optimizer, *map(int, numbers), gradients, weights)
            except (KeyError, AttributeError, TypeError, RuntimeError):  # this version has no such optimizer
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
    if LIBRARY == "torch":
        torch.set_num_threads(1)
    gc.disable()
    state = {}
    for line in sys.stdin:
        print(answer(line.split(), state), flush=True)


main()
