"""The order of layers in functional models with shared layers and several inputs and outputs, by real Keras 3.15.1.

    KERAS_BACKEND=jax python test/golden/graph_orders.py     writes graph-orders.json

A program is a list of calls: a layer's number, and the numbers of its inputs; results count on from the inputs.
"""

import json
import pathlib
import random

import keras

HERE = pathlib.Path(__file__).parent
COUNT = 60


def program(draw):
    inputs = draw.randint(1, 3)
    calls = []
    for _ in range(draw.randint(4, 12)):
        count = inputs + len(calls)
        calls.append([draw.randint(0, 5), *draw.sample(range(count), min(count, draw.choice([1, 1, 2])))])
    outputs = draw.sample(range(inputs, inputs + len(calls)), min(len(calls), draw.randint(1, 3)))
    return {"inputs": inputs, "calls": calls, "outputs": outputs}


def order(one):
    tensors = [keras.Input((2,), name=f"x{i}") for i in range(one["inputs"])]
    shared = {}
    for at, (number, *given) in enumerate(one["calls"]):
        if len(given) == 1:
            layer = shared.setdefault(number, keras.layers.Dense(2, name=f"d{number}"))
            tensors.append(layer(tensors[given[0]]))
        else:
            tensors.append(keras.layers.Add(name=f"a{at}")([tensors[i] for i in given]))
    model = keras.Model(tensors[: one["inputs"]], [tensors[i] for i in one["outputs"]])
    return [layer.name for layer in model.layers]


if __name__ == "__main__":
    draw = random.Random(3)
    programs = [program(draw) for _ in range(COUNT)]
    document = {"made": f"Keras {keras.__version__}, by graph_orders.py", "cases": [one | {"layers": order(one)} for one in programs]}
    (HERE / "graph-orders.json").write_text(json.dumps(document) + "\n")
