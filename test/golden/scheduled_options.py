"""scheduled-options.json: options that change from step to step. Keras has no schedules for them: its attributes are set by hand."""

import numpy as np

import runner
from encoding import encode, made

STEPS = 8


def _falling(start, end):
    return [start + (end - start) * step / (STEPS - 1) for step in range(STEPS)]


CASES = [
    ("Adam", {"learning_rate": 0.05}, {"beta_1": _falling(0.9, 0.6), "beta_2": _falling(0.99, 0.999)}),
    ("Adam", {"learning_rate": 0.05, "amsgrad": True}, {"epsilon": _falling(1e-3, 1e-7), "clipnorm": _falling(2.0, 0.5)}),
    ("AdamW", {"learning_rate": 0.05}, {"weight_decay": _falling(0.5, 0.01), "beta_1": _falling(0.5, 0.95)}),
    ("SGD", {"learning_rate": 0.05}, {"momentum": _falling(0.5, 0.99), "weight_decay": _falling(0.1, 0.3)}),
    ("SGD", {"learning_rate": 0.05, "nesterov": True}, {"momentum": _falling(0.99, 0.5), "global_clipnorm": _falling(3.0, 1.0)}),
    ("RMSprop", {"learning_rate": 0.05}, {"rho": _falling(0.9, 0.5), "momentum": _falling(0.1, 0.9), "clipvalue": _falling(2.0, 0.5)}),
    ("Adadelta", {"learning_rate": 0.5}, {"rho": _falling(0.95, 0.7), "epsilon": _falling(1e-3, 1e-6)}),
    ("Adamax", {"learning_rate": 0.05}, {"beta_1": _falling(0.9, 0.7), "beta_2": _falling(0.999, 0.9)}),
    ("Nadam", {"learning_rate": 0.05}, {"beta_2": _falling(0.999, 0.9), "epsilon": _falling(1e-3, 1e-7)}),
    ("Lion", {"learning_rate": 0.05}, {"beta_1": _falling(0.9, 0.5), "beta_2": _falling(0.99, 0.9)}),
    ("Ftrl", {"learning_rate": 0.05}, {"l1_regularization_strength": _falling(0.0, 0.1), "l2_regularization_strength": _falling(0.1, 0.0)}),
    ("Lamb", {"learning_rate": 0.05}, {"beta_1": _falling(0.9, 0.5), "epsilon": _falling(1e-3, 1e-6)}),
]

SHAPES = [[3, 2], [4]]


def _numbers():
    random = np.random.default_rng(7)
    starts = [random.normal(size=shape).astype(np.float32) for shape in SHAPES]
    return starts, [[random.normal(size=shape).astype(np.float32) for shape in SHAPES] for _ in range(STEPS)]


def _run(class_name, config, options):
    starts, gradients = _numbers()
    runner.fresh_names()
    # Made with the first numbers: a clip or a momentum of none would leave its state out.
    optimizer = runner.build_optimizer(class_name, {**config, **{name: values[0] for name, values in options.items()}})
    variables = [runner.make_variable(f"v{i}", start) for i, start in enumerate(starts)]
    seen = []
    for step in range(STEPS):
        for name, values in options.items():
            setattr(optimizer, name, values[step])
        optimizer.apply(gradients[step], variables)
        seen += [variable.numpy().reshape(-1).copy() for variable in variables]
    return {
        "id": f"{class_name} {' '.join(options)}",
        "optimizer": class_name,
        "config": config,
        "options": options,
        "expected": encode(np.concatenate(seen)),
    }


def document():
    starts, gradients = _numbers()
    flat = lambda arrays: encode(np.concatenate([array.reshape(-1) for array in arrays]))  # noqa: E731
    return {
        "made": made(),
        "tolerance": 2e-6,
        "floor": 0.1,
        "shapes": SHAPES,
        "start": flat(starts),
        "gradients": flat([array for step in gradients for array in step]),
        "cases": [_run(*case) for case in CASES],
    }
