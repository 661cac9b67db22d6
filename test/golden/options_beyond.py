"""Options that Keras lacks, by the packages that have them, in float64: weights after each of 20 steps.

`options-beyond-keras.json`, read by test/conformance/options-by-others.test.ts.
"""

import numpy as np

import encoding

SHAPES = [[5, 3], [2, 2, 3, 4], [3], [1, 6]]
STEPS = 20


def _wave(shape, seed, scale):
    size = int(np.prod(shape))
    return (scale * np.sin(1 + 1.7 * np.arange(size) + 2.3 * seed)).astype(np.float32).astype(np.float64).reshape(shape)


def weights():
    return [_wave(shape, i, 0.5) for i, shape in enumerate(SHAPES)]


def gradients(step):
    return [_wave(shape, 10 * step + i, 1 + i) for i, shape in enumerate(SHAPES)]


def _by_torch(module, name, **options):
    import torch_packages

    parameters = [torch_packages.parameter(w) for w in weights()]
    rule = getattr(torch_packages.timm_module(module), name)(parameters, **options)
    after = []
    for step in range(STEPS):
        for parameter, gradient in zip(parameters, gradients(step)):
            parameter.grad = torch_packages.tensor(gradient)
        rule.step()
        after.append([torch_packages.array(parameter) for parameter in parameters])
    return after


def _by_optax(make):
    import jax

    jax.config.update("jax_enable_x64", True)
    import optax

    rule = make(optax)
    values = [jax.numpy.asarray(w, "float64") for w in weights()]
    state = rule.init(values)
    after = []
    for step in range(STEPS):
        updates, state = rule.update([jax.numpy.asarray(g, "float64") for g in gradients(step)], state, values)
        values = optax.apply_updates(values, updates)
        after.append([np.asarray(w) for w in values])
    return after


ADAMW = {"lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-7, "weight_decay": 0.1, "caution": True}
LION = {"lr": 0.01, "betas": (0.9, 0.99), "weight_decay": 0.0, "caution": True, "foreach": False}

CASES = [
    ("AdamW", {"learning_rate": 0.01, "weight_decay": 0.1, "cautious": True}, "timm 1.0.31: AdamWLegacy", lambda: _by_torch("adamw", "AdamWLegacy", **ADAMW)),
    ("Lion", {"learning_rate": 0.01, "cautious": True}, "timm 1.0.31: Lion", lambda: _by_torch("lion", "Lion", **LION)),
    (
        "SGD",
        {"learning_rate": 0.1, "momentum": 0.9, "adaptive_clip": 0.25},
        "optax 0.2.8: adaptive_grad_clip, sgd",
        lambda: _by_optax(lambda optax: optax.chain(optax.adaptive_grad_clip(0.25), optax.sgd(0.1, momentum=0.9))),
    ),
    (
        "Adam",
        {"learning_rate": 0.01, "epsilon": 1e-12, "adaptive_clip": 0.01, "global_clipnorm": 0.01},
        "optax 0.2.8: adaptive_grad_clip, clip_by_global_norm, adam",
        lambda: _by_optax(
            lambda optax: optax.chain(optax.adaptive_grad_clip(0.01), optax.clip_by_global_norm(0.01), optax.adam(0.01, eps=1e-12))
        ),
    ),
]


def _encoded(arrays):
    return [encoding.encode(array) for array in arrays]


def document():
    return {
        "made": encoding.made(),
        "shapes": SHAPES,
        "weights": _encoded(weights()),
        "gradients": [_encoded(gradients(step)) for step in range(STEPS)],
        "cases": [
            {"optimizer": name, "config": config, "source": source, "steps": [_encoded(after) for after in run()]}
            for name, config, source, run in CASES
        ],
    }
