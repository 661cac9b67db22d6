"""Optimizers around others, by the packages that have them, in float64: weights after each of 20 steps, averages at the end.

`wrappers.json`, read by test/conformance/wrappers.test.ts.
"""

import importlib

import encoding
from options_beyond import SHAPES, STEPS, _encoded, _wave, gradients, weights


def _lookahead(make, sync_period, slow_step_size):
    import jax

    jax.config.update("jax_enable_x64", True)
    import numpy as np
    import optax

    rule = optax.lookahead(make(optax), sync_period, slow_step_size)
    values = optax.LookaheadParams.init_synced([jax.numpy.asarray(w, "float64") for w in weights()])
    state = rule.init(values)
    after = []
    for step in range(STEPS):
        updates, state = rule.update([jax.numpy.asarray(g, "float64") for g in gradients(step)], state, values)
        values = optax.apply_updates(values, updates)
        after.append([np.asarray(w) for w in values.fast])
    return after, None


def _schedule_free(make, momentum):
    import schedulefree
    import torch
    import torch_packages

    parameters = [torch_packages.parameter(w) for w in weights()]
    rule = schedulefree.ScheduleFreeWrapper(make(torch.optim, parameters), momentum=momentum)
    rule.train()
    after = []
    for step in range(STEPS):
        for parameter, gradient in zip(parameters, gradients(step)):
            parameter.grad = torch_packages.tensor(gradient)
        rule.step()
        after.append([torch_packages.array(parameter) for parameter in parameters])
    rule.eval()
    return after, [torch_packages.array(parameter) for parameter in parameters]


def _averaged(make, start, period):
    import torch
    import torch_packages

    module = torch.nn.ParameterList([torch_packages.parameter(w) for w in weights()])
    parameters = list(module.parameters())
    rule = make(torch.optim, parameters)
    averaged = torch.optim.swa_utils.AveragedModel(module)
    after = []
    for step in range(STEPS):
        for parameter, gradient in zip(parameters, gradients(step)):
            parameter.grad = torch_packages.tensor(gradient)
        rule.step()
        after.append([torch_packages.array(parameter) for parameter in parameters])
        done = step + 1
        if done >= start and (done - start) % period == 0:
            averaged.update_parameters(module)
    return after, [torch_packages.array(parameter) for parameter in averaged.module.parameters()]


def coefficients():
    return [1 + _wave(shape, 50 + i, 0.5) for i, shape in enumerate(SHAPES)]


def _sharp(rule, rho, **options):
    """Of the loss sum(c w^2 / 2 + w^4 / 4) + sum(w)^2 / 100, whose gradient depends on all weights."""
    import numpy as np
    import torch
    import torch_packages

    sam = importlib.import_module("pytorch_optimizer.optimizer.sam").SAM
    parameters = [torch_packages.parameter(w) for w in weights()]
    optimizer = sam(parameters, getattr(torch.optim, rule), rho=rho, foreach=False, **options)

    def differentiate():
        values = [torch_packages.array(parameter) for parameter in parameters]
        total = sum(float(np.sum(w)) for w in values)
        for parameter, w, c in zip(parameters, values, coefficients()):
            parameter.grad = torch_packages.tensor(c * w + w**3 + 0.02 * total)

    after = []
    for _ in range(STEPS):
        differentiate()
        optimizer.first_step()
        differentiate()
        optimizer.second_step()
        after.append([torch_packages.array(parameter) for parameter in parameters])
    return after


def _updated_statistics():
    """`update_bn` of two normalizations with a dense layer and ReLU between them. Variances are torch's, of samples: times n / (n - 1)."""
    import torch
    import torch_packages

    batches = [_wave([4, 3], 70 + i, 2) + i for i in range(3)]
    kernel = _wave([3, 2], 80, 1)
    dense = torch.nn.Linear(3, 2, bias=False, dtype=torch.float64)
    dense.weight = torch_packages.parameter(kernel.T)
    first, second = (torch.nn.BatchNorm1d(n, eps=1e-3, momentum=0.1, dtype=torch.float64) for n in (3, 2))
    model = torch.nn.Sequential(first, dense, torch.nn.ReLU(), second)
    torch.optim.swa_utils.update_bn([torch_packages.tensor(batch) for batch in batches], model)
    found = [getattr(norm, name) for norm in (first, second) for name in ("running_mean", "running_var")]
    return {
        "source": "torch 1.13.1: swa_utils.update_bn",
        "batches": _encoded(batches),
        "kernel": encoding.encode(kernel),
        "statistics": _encoded([torch_packages.array(one) for one in found]),
    }


# Names as in Keras's configs, of the inner optimizer too.
SGD = {"class_name": "SGD", "config": {"learning_rate": 0.1, "momentum": 0.9}}
PLAIN = {"class_name": "SGD", "config": {"learning_rate": 0.1}}
# Packages add epsilon to other roots than Keras does: it is small.
ADAM = {"class_name": "Adam", "config": {"learning_rate": 0.01, "epsilon": 1e-12}}
ADAMW = {"class_name": "AdamW", "config": {"learning_rate": 0.01, "weight_decay": 0.1, "epsilon": 1e-12}}

CASES = [
    (
        "Lookahead",
        {"inner_optimizer": SGD},
        "optax 0.2.8: lookahead, sgd",
        lambda: _lookahead(lambda optax: optax.sgd(0.1, momentum=0.9), 5, 0.5),
    ),
    (
        "Lookahead",
        {"inner_optimizer": ADAM, "sync_period": 3, "slow_step_size": 0.8},
        "optax 0.2.8: lookahead, adam",
        lambda: _lookahead(lambda optax: optax.adam(0.01, eps=1e-12), 3, 0.8),
    ),
    (
        "ScheduleFree",
        {"inner_optimizer": PLAIN},
        "schedulefree 1.4.1: ScheduleFreeWrapper, torch.optim.SGD",
        lambda: _schedule_free(lambda optim, parameters: optim.SGD(parameters, lr=0.1), 0.9),
    ),
    (
        "ScheduleFree",
        {"inner_optimizer": SGD, "momentum": 0.75},
        "schedulefree 1.4.1: ScheduleFreeWrapper, torch.optim.SGD with momentum",
        lambda: _schedule_free(lambda optim, parameters: optim.SGD(parameters, lr=0.1, momentum=0.9), 0.75),
    ),
    (
        "SWA",
        {"inner_optimizer": SGD, "start_averaging": 4, "average_period": 3},
        "torch 1.13.1: swa_utils.AveragedModel, SGD",
        lambda: _averaged(lambda optim, parameters: optim.SGD(parameters, lr=0.1, momentum=0.9), 4, 3),
    ),
]


SHARP = [
    ({"inner_optimizer": PLAIN}, "SAM, torch.optim.SGD", lambda: _sharp("SGD", 0.05, lr=0.1)),
    ({"inner_optimizer": SGD, "rho": 0.5}, "SAM, torch.optim.SGD with momentum", lambda: _sharp("SGD", 0.5, lr=0.1, momentum=0.9)),
    ({"inner_optimizer": ADAM, "rho": 0.2}, "SAM, torch.optim.Adam", lambda: _sharp("Adam", 0.2, lr=0.01, eps=1e-12)),
    (
        {"inner_optimizer": ADAMW, "rho": 0.05},
        "SAM, torch.optim.AdamW",
        lambda: _sharp("AdamW", 0.05, lr=0.01, weight_decay=0.1, eps=1e-12),
    ),
]


def document():
    made = []
    for name, config, source, run in CASES:
        steps, averages = run()
        made.append({
            "optimizer": name,
            "config": config,
            "source": source,
            "steps": [_encoded(after) for after in steps],
            **({} if averages is None else {"averages": _encoded(averages)}),
        })
    return {
        "made": encoding.made(),
        "shapes": SHAPES,
        "weights": _encoded(weights()),
        "gradients": [_encoded(gradients(step)) for step in range(STEPS)],
        "cases": made,
        "coefficients": _encoded(coefficients()),
        "sharp": [
            {
                "optimizer": "SAM",
                "config": config,
                "source": f"pytorch_optimizer 4.1.0: {source}",
                "steps": [_encoded(after) for after in run()],
            }
            for config, source, run in SHARP
        ],
        "updated_statistics": _updated_statistics(),
    }
