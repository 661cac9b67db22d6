"""A case as contestants/python.mjs writes it, and the lines that its processes answer."""

import json
import math
import sys

BATCHES = 64


def read(path, np):
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
