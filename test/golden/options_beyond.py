"""Options that Keras lacks, by the packages that have them, in float64: weights after each of 20 steps.

`options-beyond-keras.json`, read by test/conformance/options-by-others.test.ts.
"""

import numpy as np

import encoding

SHAPES = [[5, 3], [2, 2, 3, 4], [3], [1, 6]]
STEPS = 20


def _wave(shape, seed, scale):
    i = np.arange(int(np.prod(shape)))  # squared, so that no matrix has singular values of 0
    return (scale * np.sin(1 + 1.7 * i + 0.13 * i**2 + 2.3 * seed)).astype(np.float32).astype(np.float64).reshape(shape)


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


def _by_muon(name, rate, decay, epsilon, adjusted, **options):
    """pytorch_optimizer's Muon or NorMuon in float64. Its matrices have outputs as rows, and are one to a group, each with its rate."""
    import functools
    import importlib

    import torch

    import torch_packages

    package = importlib.import_module(f"pytorch_optimizer.optimizer.muon.{name.lower()}")
    for module in (package, importlib.import_module("pytorch_optimizer.optimizer.muon.base")):
        if hasattr(module, "zero_power_via_newton_schulz_5"):
            wide = functools.partial(module.zero_power_via_newton_schulz_5, dtype=torch.float64)
            module.zero_power_via_newton_schulz_5 = wide

    def turned(array):
        return array.reshape(-1, array.shape[-1]).T if array.ndim > 1 else array

    def back(array, shape):
        return array.T.reshape(shape) if len(shape) > 1 else array

    parameters = [torch_packages.parameter(turned(w)) for w in weights()]
    groups = []
    for parameter in parameters:
        if len(parameter.shape) > 1:
            ratio = 1 if adjusted else max(1.0, parameter.shape[0] / parameter.shape[1]) ** 0.5
            groups.append({"params": [parameter], "lr": rate / ratio, "use_muon": True, "weight_decay": decay * ratio, **options})
        else:
            groups.append({"params": [parameter], "lr": rate, "use_muon": False, "betas": (0.9, 0.999), "eps": epsilon, "weight_decay": decay})
    rule = getattr(package, name)(groups, foreach=False)
    after = []
    for step in range(STEPS):
        for parameter, gradient in zip(parameters, gradients(step)):
            parameter.grad = torch_packages.tensor(turned(gradient))
        rule.step()
        after.append([back(torch_packages.array(parameter), shape) for parameter, shape in zip(parameters, SHAPES)])
    return after


ADAMW = {"lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-12, "weight_decay": 0.1, "caution": True}
LION = {"lr": 0.01, "betas": (0.9, 0.99), "weight_decay": 0.0, "caution": True, "foreach": False}

MUON = {"learning_rate": 0.02, "weight_decay": 0.1, "adam_weight_decay": 0.1, "epsilon": 1e-12, "include_convolutions": True}
MUON_ARGUMENTS = (0.02, 0.1, 1e-12)

CASES = [
    ("AdamW", {"learning_rate": 0.01, "epsilon": 1e-12, "weight_decay": 0.1, "cautious": True}, "timm 1.0.31: AdamWLegacy", lambda: _by_torch("adamw", "AdamWLegacy", **ADAMW)),
    (
        "AdamW",
        {"learning_rate": 0.01, "epsilon": 1e-12, "weight_decay": 0.1, "clip_threshold": 1.0},
        "timm 1.0.31: AdamWLegacy",
        lambda: _by_torch("adamw", "AdamWLegacy", **{**ADAMW, "caution": False, "foreach": False}, clipping_threshold=1.0),
    ),
    (
        "Adam",
        {"learning_rate": 0.01, "epsilon": 1e-12, "beta_2": 0.9, "clip_threshold": 0.7, "cautious": True},
        "timm 1.0.31: AdamWLegacy",
        lambda: _by_torch(
            "adamw", "AdamWLegacy", **{**ADAMW, "betas": (0.9, 0.9), "weight_decay": 0.0, "foreach": False}, clipping_threshold=0.7
        ),
    ),
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
    (
        "Muon",
        {**MUON, "polar_express": True},
        "pytorch_optimizer 4.1.0: Muon",
        lambda: _by_muon("Muon", *MUON_ARGUMENTS, True, ns_coeffs="polar_express", use_adjusted_lr=True),
    ),
    (
        "Muon",
        {**MUON, "polar_express": True, "ns_steps": 10, "nesterov": False},
        "pytorch_optimizer 4.1.0: Muon",
        lambda: _by_muon("Muon", *MUON_ARGUMENTS, True, ns_coeffs="polar_express", ns_steps=10, nesterov=False, use_adjusted_lr=True),
    ),
    (
        "Muon",
        {**MUON, "normuon_beta_2": 0.95},
        "pytorch_optimizer 4.1.0: NorMuon",
        lambda: _by_muon("NorMuon", *MUON_ARGUMENTS, True, update_scale="match_rms"),
    ),
    (
        "Muon",
        {**MUON, "normuon_beta_2": 0.8, "rms_rate": None, "polar_express": True, "momentum": 0.9},
        "pytorch_optimizer 4.1.0: NorMuon",
        lambda: _by_muon("NorMuon", *MUON_ARGUMENTS, False, beta2=0.8, momentum=0.9, ns_coeffs="polar_express"),
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
            {
                "optimizer": name,
                "config": config,
                "source": source,
                # Its iteration multiplies what rounding leaves in the singular values that are 0.
                "tolerance": 1e-5 if name == "Muon" else 2e-6,
                "steps": [_encoded(after) for after in run()],
            }
            for name, config, source, run in CASES
        ],
    }
