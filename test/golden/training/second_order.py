"""Gradients of gradients by JAX in float64: derivatives of functions, Hessians, and whole runs.

    python test/golden/training/second_order.py            writes second-order.json
    python test/golden/training/second_order.py --check    makes it again and compares with the file

Inputs are float32 numbers. Expected ones are computed from them in float64 and rounded once, at the end.
"""

import json
import math
import os
import sys

os.environ["JAX_ENABLE_X64"] = "1"
import jax_pinning  # sets what JAX reads when it is imported

import jax
import jax.numpy as jnp
from arrays import Draw, record
from comparing import differences
from jax.flatten_util import ravel_pytree

TOLERANCE = 2e-5
FLOOR = 0.1

FUNCTIONS = {
    "celu": jax.nn.celu,
    "cos": jnp.cos,
    "elu": jax.nn.elu,
    "erf": jax.lax.erf,
    "exp": jnp.exp,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False),
    "log": jnp.log,
    "log1p": jnp.log1p,
    "logSigmoid": jax.nn.log_sigmoid,
    "mish": lambda x: x * jnp.tanh(jax.nn.softplus(x)),
    "reciprocal": lambda x: 1 / x,
    "rsqrt": jax.lax.rsqrt,
    "selu": jax.nn.selu,
    "sigmoid": jax.nn.sigmoid,
    "silu": jax.nn.silu,
    "sin": jnp.sin,
    "softplus": jax.nn.softplus,
    "softsign": jax.nn.soft_sign,
    "sqrt": jnp.sqrt,
    "square": jnp.square,
    "tanh": jnp.tanh,
    "tanhShrink": lambda x: x - jnp.tanh(x),
}
POSITIVE = {"log", "reciprocal", "rsqrt", "sqrt"}


def exact(arrays):
    return [jnp.asarray(array, jnp.float64) for array in arrays]


def functions():
    """Derivatives of orders 0 to 3."""
    draw = Draw(1701)
    for name, f in FUNCTIONS.items():
        x = draw.uniform([12], 0.3, 2.5) if name in POSITIVE else draw.uniform([12], -0.9 if name == "log1p" else -2.5, 2.5)
        orders = [f]
        for _ in range(3):
            orders.append(jax.grad(orders[-1]))
        yield {
            "kind": "function",
            "id": name,
            "x": record(x),
            "orders": [record(jax.vmap(order)(jnp.asarray(x, jnp.float64))) for order in orders],
        }


def crossentropy(logits, labels):
    return -jnp.mean(jax.nn.log_softmax(logits)[jnp.arange(len(labels)), labels])


def layer_norm(z):
    centred = z - z.mean(-1, keepdims=True)
    return jnp.tanh(centred / jnp.sqrt(jnp.square(centred).mean(-1, keepdims=True) + 1e-3))


def conv(x, kernel):
    return jax.lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))


def dense_network(activation):
    return lambda x, k, b, l, c: activation(x @ k + b) @ l + c


def conv_network(x, k, b, l):
    z = jax.nn.silu(conv(x, k) + b)
    pooled = jax.lax.reduce_window(z, 0.0, jax.lax.add, (1, 2, 2, 1), (1, 2, 2, 1), "VALID") / 4
    return pooled.reshape(len(x), -1) @ l


def attention(x, q, k, v, l):
    scores = jax.nn.softmax((x @ q) @ jnp.swapaxes(x @ k, 1, 2) / 2.0)
    return (scores @ (x @ v)).mean(1) @ l


DENSE = [(3, 4), (4,), (4, 3), (3,)]
NETWORKS = {
    "gelu": (dense_network(FUNCTIONS["gelu"]), (6, 3), DENSE),
    "softplus": (dense_network(jax.nn.softplus), (6, 3), DENSE),
    "sigmoid": (dense_network(jax.nn.sigmoid), (6, 3), DENSE),
    "layerNormalization": (dense_network(layer_norm), (6, 3), DENSE),
    "convolution": (conv_network, (3, 4, 4, 2), [(3, 3, 2, 2), (2,), (8, 3)]),
    "attention": (attention, (2, 3, 4), [(4, 4), (4, 4), (4, 4), (4, 3)]),
}


def hessians():
    """Whole Hessians of a mean crossentropy, and one product along a direction: the jvp of the gradient."""
    draw = Draw(1702)
    for name, (network, inputs, shapes) in NETWORKS.items():
        x, labels = draw.bell(inputs), draw.whole([inputs[0]], 3)
        weights = [draw.bell(shape, 0.6) for shape in shapes]
        along = [draw.bell(shape) for shape in shapes]

        def loss(list_of_weights):
            return crossentropy(network(jnp.asarray(x, jnp.float64), *list_of_weights), labels)

        flat, restored = ravel_pytree(exact(weights))
        gradient, product = jax.jvp(jax.grad(loss), (exact(weights),), (exact(along),))
        yield {
            "kind": "hessian",
            "id": name,
            "x": record(x),
            "labels": record(labels, "int32"),
            "weights": [record(array) for array in weights],
            "along": [record(array) for array in along],
            "gradient": [record(array) for array in gradient],
            "product": [record(array) for array in product],
            "hessian": record(jax.hessian(lambda vector: loss(restored(vector)))(flat)),
        }


def adam(gradients, weights, state, rate, beta_1, beta_2):
    """A step as in Keras."""
    t, ms, vs = state[0] + 1, [], []
    alpha = rate * math.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    for i, gradient in enumerate(gradients):
        ms.append(state[1][i] + (gradient - state[1][i]) * (1 - beta_1))
        vs.append(state[2][i] + (jnp.square(gradient) - state[2][i]) * (1 - beta_2))
    after = [w - alpha * m / (jnp.sqrt(v) + 1e-7) for w, m, v in zip(weights, ms, vs)]
    return after, (t, ms, vs)


def start(weights):
    return 0, [jnp.zeros_like(w) for w in weights], [jnp.zeros_like(w) for w in weights]


def pinn():
    """u'' = -pi^2 sin(pi x) on 24 points, by Adam. A loss of each step, before it."""
    draw = Draw(1703)
    shapes, steps = [(1, 12), (12,), (12, 12), (12,), (12, 1), (1,)], 200
    weights = [draw.bell(shape, 0.7) for shape in shapes]
    points = draw.uniform([24, 1])
    source = (-math.pi**2 * jnp.sin(math.pi * jnp.asarray(points, jnp.float64))).astype(jnp.float32)
    x, f, ends = exact([points, source, [[-1.0], [1.0]]])

    def u(w, at):
        return jnp.tanh(jnp.tanh(at @ w[0] + w[1]) @ w[2] + w[3]) @ w[4] + w[5]

    def loss(w):
        second = jax.vmap(jax.grad(jax.grad(lambda at: u(w, at.reshape(1, 1)).sum())))(x[:, 0])
        return jnp.mean(jnp.square(second[:, None] - f)) + 100 * jnp.mean(jnp.square(u(w, ends)))

    value_and_gradient = jax.jit(jax.value_and_grad(loss))
    w, state, losses = exact(weights), start(exact(weights)), []
    for step in range(steps):
        value, gradient = value_and_gradient(w)
        losses.append(value)
        if step == 0:
            first = gradient
        w, state = adam(gradient, w, state, 0.005, 0.9, 0.999)
    return {
        "kind": "pinn",
        "id": "pinn",
        "weights": [record(array) for array in weights],
        "x": record(points),
        "source": record(source),
        "gradient": [record(array) for array in first],
        "losses": record(losses),
        "trained": [record(array) for array in w],
    }


def wgan_gp():
    """The critic and the generator in turn, by Adam. Losses of each turn, before its steps."""
    draw = Draw(1704)
    turns, batch, noise = 15, 8, 3
    critic = [draw.bell(shape, 0.6) for shape in [(2, 8), (8,), (8, 8), (8,), (8, 1), (1,)]]
    generator = [draw.bell(shape, 0.6) for shape in [(noise, 8), (8,), (8, 2), (2,)]]
    data = [(draw.bell([batch, 2], 0.3), draw.bell([batch, noise]), draw.uniform([batch, 1], 0.0, 1.0)) for _ in range(turns)]

    def judge(w, x):
        return jax.nn.silu(jax.nn.silu(x @ w[0] + w[1]) @ w[2] + w[3]) @ w[4] + w[5]

    def made(w, z):
        return jnp.tanh(z @ w[0] + w[1]) @ w[2] + w[3]

    def critic_loss(w, g, real, z, share):
        fake = made(g, z)
        between = share * real + (1 - share) * fake
        slopes = jax.grad(lambda x: judge(w, x).sum())(between)
        norms = jnp.sqrt(jnp.square(slopes).sum(1) + 1e-12)
        return judge(w, fake).mean() - judge(w, real).mean() + 10 * jnp.square(norms - 1).mean()

    def generator_loss(g, w, z):
        return -judge(w, made(g, z)).mean()

    c, g = exact(critic), exact(generator)
    states, losses, first = [start(c), start(g)], [], None
    for turn in data:
        real, z, share = exact(turn)
        value, gradient = jax.value_and_grad(critic_loss)(c, g, real, z, share)
        first = first or gradient
        c, states[0] = adam(gradient, c, states[0], 0.01, 0.5, 0.9)
        other, gradient = jax.value_and_grad(generator_loss)(g, c, z)
        g, states[1] = adam(gradient, g, states[1], 0.01, 0.5, 0.9)
        losses.append([value, other])
    return {
        "kind": "wganGp",
        "id": "wganGp",
        "critic": [record(array) for array in critic],
        "generator": [record(array) for array in generator],
        "turns": [[record(array) for array in turn] for turn in data],
        "gradient": [record(array) for array in first],
        "losses": record(jnp.array(losses)),
        "trained": [record(array) for array in [*c, *g]],
    }


def maml():
    """Two steps of gradient descent inside, with the loss on other samples behind them; then a step on that loss's gradient."""
    draw = Draw(1705)
    weights = [draw.bell(shape, 0.6) for shape in DENSE]
    tasks = [(draw.bell([6, 3]), draw.whole([6], 3), draw.bell([6, 3]), draw.whole([6], 3)) for _ in range(8)]
    network = dense_network(jnp.tanh)

    def outer(w, task):
        x, y, later, labels = task
        for _ in range(2):
            w = [a - 0.5 * g for a, g in zip(w, jax.grad(lambda v: crossentropy(network(x, *v), y))(w))]
        return crossentropy(network(later, *w), labels)

    w, losses, first = exact(weights), [], None
    for x, y, later, labels in tasks:
        value, gradient = jax.value_and_grad(outer)(w, (*exact([x]), y, *exact([later]), labels))
        first = first or gradient
        losses.append(value)
        w = [a - 0.1 * g for a, g in zip(w, gradient)]
    return {
        "kind": "maml",
        "id": "maml",
        "weights": [record(array) for array in weights],
        "tasks": [[record(x), record(y, "int32"), record(later), record(labels, "int32")] for x, y, later, labels in tasks],
        "gradient": [record(array) for array in first],
        "losses": record(losses),
        "trained": [record(array) for array in w],
    }


def main(name, cases):
    """Writes a file of cases, or compares with it."""
    from encoding import to_text

    script = jax_pinning.Path(sys.argv[0]).name
    made = {"jax": jax.__version__, "precision": "float64", "script": f"test/golden/training/{script}"}
    path = jax_pinning.FOLDER / name
    text = to_text({"made": made, "tolerance": TOLERANCE, "floor": FLOOR, "cases": cases})
    if "--check" not in sys.argv:
        path.write_text(text)
        print(f"{name}: {len(text)} bytes")
        return 0
    found = list(differences(json.loads(path.read_text()), json.loads(text)))
    bad = [one for one in found if one[1] is None or one[1] > TOLERANCE / 4]
    print(f"{name}: {'the same' if not found else f'{len(found)} not bit for bit'}", *bad, sep="\n  ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main("second-order.json", [*functions(), *hessians(), pinn(), wgan_gp(), maml()]))
