"""Random programs of operations, and gradients of their gradients, by JAX in float64.

    python test/golden/training/second_order_programs.py            writes second-order-programs.json
    python test/golden/training/second_order_programs.py --check    makes it again and compares with the file

A program is a list of nodes over two matrices of 3 x 3: a name, and the numbers of its operands; 0 and 1 are the
matrices. test/support/second-order-programs.ts has the same operations. Second-order-cases.ts has each operation alone; here
their results meet, are used twice, or do not reach the end.
"""

import sys

import second_order

import jax
import jax.numpy as jnp
from arrays import Draw, record
from jax import lax, nn

PROGRAMS = 8
C = jnp.array([[0.3, -0.2, 0.5], [0.1, 0.4, -0.6], [-0.3, 0.2, 0.7]])
MASK = jnp.array([[True, False, True], [False, True, False], [True, True, False]])
LABELS = jnp.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3], [0.25, 0.25, 0.5]])
IMAGES = ("NHWC", "HWIO", "NHWC")


def normalized(x, axis):
    return (x - x.mean(axis, keepdims=True)) / jnp.sqrt(x.var(axis, keepdims=True) + 0.1)


def convolved(x, kernel):
    image, kernel = x.reshape(1, 3, 3, 1), kernel.reshape(2, 2, 1, 1)
    return lax.conv_general_dilated(image, kernel, (1, 1), "SAME", dimension_numbers=IMAGES).reshape(3, 3)


def padded(windows):
    return jnp.pad(windows, ((0, 1), (0, 1)))


def pooled(x, reduce):
    return jnp.stack([jnp.stack([reduce(x[i : i + 2, j : j + 2]) for j in range(2)]) for i in range(2)])


def divided_by_norm(x):
    return x / jnp.sqrt((x * x).sum(1, keepdims=True) + 0.3)


UNARY = {
    "tanh": jnp.tanh,
    "sigmoid": nn.sigmoid,
    "softplus": nn.softplus,
    "sin": jnp.sin,
    "cos": jnp.cos,
    "exp of tanh": lambda x: jnp.exp(jnp.tanh(x)),
    "square": lambda x: x * x * 0.5,
    "softmax": lambda x: nn.softmax(x, -1),
    "softmax, axis 0": lambda x: nn.softmax(x, 0),
    "logSoftmax": lambda x: nn.log_softmax(x, -1),
    "gelu": lambda x: nn.gelu(x, approximate=False),
    "gelu, approximate": lambda x: nn.gelu(x, approximate=True),
    "silu": nn.silu,
    "erf": lax.erf,
    "mish": lambda x: x * jnp.tanh(nn.softplus(x)),
    "selu": nn.selu,
    "root": lambda x: jnp.sqrt(x * x + 1),
    "transpose": lambda x: x.T,
    "centered": lambda x: x - x.mean(1, keepdims=True),
    "layerNormalization": lambda x: normalized(x, 1),
    "batchNormalization": lambda x: normalized(x, 0),
    "slice, concatenate": lambda x: jnp.concatenate([x[1:], x[:1] * 2], 0),
    "split, concatenate": lambda x: jnp.concatenate([x[:, 1:], x[:, :1] * x[:, 1:2]], 1),
    "take": lambda x: x[jnp.array([2, 0, 0])],
    "take, axis 1": lambda x: x[:, jnp.array([1, 1, 2])],
    "pad": lambda x: jnp.pad(x, ((1, 0), (0, 1)), constant_values=0.5)[:3, 1:],
    "stack": lambda x: jnp.stack([x, x * x, C], 1).sum(1),
    "where": lambda x: jnp.where(MASK, x, x * x),
    "reshape": lambda x: x + x.reshape(9)[:3],
    "tile": lambda x: jnp.tile(x[:1] * x[1:2], (3, 1)) + x,
    "broadcastTo": lambda x: jnp.broadcast_to(x[:, 1:2], (3, 3)) * x,
    "logsumexp": lambda x: x + jax.scipy.special.logsumexp(x, 1, keepdims=True),
    "variance": lambda x: x * jnp.sqrt(x.var(0, keepdims=True) + 0.2),
    "variance of all": lambda x: x * x.var(),
    "prod": lambda x: x + jnp.prod(x, 1, keepdims=True),
    "max": lambda x: x * jnp.max(x, 1, keepdims=True),
    "topK": lambda x: x * lax.top_k(x, 1)[0],
    "divided by norm": divided_by_norm,
    "stopGradient": lambda x: x * lax.stop_gradient(x * x),
    "squeeze": lambda x: jnp.squeeze(x[:, None] * x[:, None], 1),
    "crossentropy": lambda x: x - (LABELS * nn.log_softmax(x, -1)).sum(-1, keepdims=True),
    "sparse crossentropy": lambda x: -x * nn.log_softmax(x, -1)[jnp.arange(3), jnp.array([2, 0, 1])][:, None],
    "averagePool2d": lambda x: x * padded(pooled(x, jnp.mean)),
    "maxPool2d": lambda x: x * padded(pooled(x, jnp.max)),
    "depthwiseConv2d": lambda x: convolved(x, C[:2, :2]),
    "conv1d": lambda x: nn.relu(sum(x[i] for i in range(3)) @ C + 5) - 5 + x,
}
BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / (b * b + 1),
    "power": lambda a, b: (b * b * 0.3 + 1) ** jnp.tanh(a),
    "maximum": lambda a, b: jnp.maximum(a, b * 0.5 + 0.1),
    "where of two": lambda a, b: jnp.where(MASK, a, b),
    "matmul": lambda a, b: a @ b * 0.5,
    "matmul, transposed": lambda a, b: a.T @ b.T * 0.5,
    "matmul of stacks": lambda a, b: (jnp.stack([a, b]) @ jnp.stack([b, a])).sum(0) * 0.3,
    "outer product": lambda a, b: a[0][:, None] @ b[1][None],
    "dense": lambda a, b: a @ b + b[0],
    "dense, relu": lambda a, b: nn.relu(a @ b + b[1]),
    "batchNormalization of two": lambda a, b: normalized(a, 0) * b[0] + b[1],
    "layerNormalization of two": lambda a, b: normalized(a, 1) * b[0] + b[2],
    "conv2d": lambda a, b: convolved(a, b[:2, :2]) + b[2, 2],
    "weighted": lambda a, b: a * (a * b).sum(1, keepdims=True),
    "crossentropy of two": lambda a, b: a - (nn.softmax(b, -1) * nn.log_softmax(a, -1)).sum(-1, keepdims=True),
    "sigmoid crossentropy": lambda a, b: a + (nn.softplus(a) - a * nn.sigmoid(b)).mean(-1, keepdims=True),
}


def continued(nodes, values):
    """The values of all nodes, of which the first are given."""
    values = list(values)
    for name, *operands in nodes[len(values) - 2 :]:
        given = [values[i] for i in operands]
        values.append((UNARY if len(given) == 1 else BINARY)[name](*given))
    return values


def both(f):
    return jax.grad(f, (0, 1))


def questions(nodes, middle, v):
    """What is asked of a program: functions of both matrices."""

    def last(*w):
        return continued(nodes, w)[-1] * C

    def loss(*w):
        return jnp.sum(last(*w))

    gradients = both(loss)

    def penalty(*w):
        g, h = gradients(*w)
        return loss(*w) + jnp.sum(g * g) + jnp.sum(g * h)

    def along(*w):
        return jax.jvp(last, w, v)[1]

    def pulled(a, b):
        _, pull = jax.vjp(lambda x: last(x, b), a)
        return jnp.sum(pull(jnp.tanh(b) * a)[0] ** 2)

    def of_middle(*w):
        before = continued(nodes[: middle - 1], w)
        x = before[middle]
        g = jax.grad(lambda x: jnp.sum(continued(nodes, [*before[:middle], x])[-1] * C))(x)
        return jnp.sum(g * g * x) + jnp.sum(g)

    def descended(*w):
        for _ in range(2):
            w = [a - 0.1 * g for a, g in zip(w, gradients(*w))]
        return loss(*w)

    return {
        "penalty on one tape": both(penalty),
        "penalty on two tapes": both(penalty),
        "penalty by two questions": both(penalty),
        "third order": both(lambda *w: sum(jnp.sum(g * g) for g in both(penalty)(*w))),
        "Hessian": jax.jacrev(lambda *w: gradients(*w)[0], (0, 1)),
        "Hessian by vectors": lambda *w: jax.jvp(gradients, w, v)[1],
        "gradient, forward": lambda *w: jax.jvp(gradients, w, v)[1],
        "tangent, backward": both(lambda *w: jnp.sum(along(*w) ** 2)),
        "outputGradients": both(pulled),
        "source in the middle": both(of_middle),
        "watched in the middle": both(of_middle),
        "Jacobian": both(lambda *w: jnp.sum(jax.jacrev(last)(*w) ** 2)),
        "descent": both(descended),
    }


def program(draw, count):
    """Nodes that mostly take the last values."""
    nodes = []
    for length in range(2, count + 2):
        operand = lambda: max(0, length - 1 - int(draw.random.random() ** 2 * length))
        if draw.random.random() < 0.55:
            nodes.append([draw.random.choice(list(UNARY)), operand()])
        else:
            nodes.append([draw.random.choice(list(BINARY)), operand(), operand()])
    return nodes


def cases():
    draw = Draw(1717)
    for question in questions([], 0, None):
        for _ in range(PROGRAMS):
            nodes = program(draw, 3 + draw.random.randrange(6))
            middle = 2 + draw.random.randrange(len(nodes))
            w, v = ([draw.uniform([3, 3]) for _ in range(2)] for _ in range(2))
            asked = questions(nodes, middle, tuple(second_order.exact(v)))[question]
            yield {
                "question": question,
                "nodes": nodes,
                "middle": middle,
                "weights": [record(array) for array in w],
                "vectors": [record(array) for array in v],
                "expected": [record(array) for array in asked(*second_order.exact(w))],
            }


if __name__ == "__main__":
    sys.exit(second_order.main("second-order-programs.json", list(cases())))
