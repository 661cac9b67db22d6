"""Schedules that Keras lacks, in float64: by optax or PyTorch where they have one, else by the formula of the paper."""

import math


def _optax(join):
    """The schedule that `join` makes of optax and its version, called in float64."""
    import jax
    import optax

    def rate(step):
        with jax.enable_x64(True):
            return float(join(optax)(jax.numpy.asarray(step)))

    return f"optax {optax.__version__}", rate


def warmup_stable_decay(peak_learning_rate, warmup_steps, stable_steps, decay_steps, cooldown="cosine"):
    peak, begin = peak_learning_rate, warmup_steps + stable_steps

    def joined(optax):
        parts = [
            optax.linear_schedule(0.0, peak, warmup_steps),
            optax.constant_schedule(peak),
            optax.cosine_decay_schedule(peak, decay_steps) if cooldown == "cosine" else optax.linear_schedule(peak, 0.0, decay_steps),
        ]
        return optax.join_schedules(parts, [warmup_steps, begin])

    if cooldown in ("cosine", "linear"):
        version, rate = _optax(joined)
        return f"{version}: join_schedules of linear, constant and {cooldown}", rate
    shape = {"1-sqrt": lambda x: 1 - math.sqrt(x), "1-square": lambda x: 1 - x * x}[cooldown]

    def by_formula(step):
        if step < warmup_steps:
            return peak * step / warmup_steps
        return peak * shape(min(max(step - begin, 0) / decay_steps, 1))

    return "formula of arXiv:2405.18392, in float64", by_formula


def inverse_sqrt(initial_learning_rate, warmup_steps):
    return "formula of arXiv:1706.03762, in float64", lambda step: initial_learning_rate * (
        step / warmup_steps if step < warmup_steps else math.sqrt(warmup_steps / step)
    )


def rex(initial_learning_rate, total_steps):
    def rate(step):
        left = 1 - min(step, total_steps) / total_steps
        return initial_learning_rate * left / (1 / 2 + left / 2)

    return "formula of arXiv:2107.04197, in float64", rate


def _torch(kind, steps_at_most=1000, moves="lr", **options):
    """What a scheduler of torch moves, stepped from the start: it has no rate of a step. Python's floats are float64."""
    import torch

    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0, momentum=0.9)
    scheduler = getattr(torch.optim.lr_scheduler, kind)(optimizer, **options)
    optimizer.step()
    rates = [optimizer.param_groups[0][moves]]
    for _ in range(steps_at_most - 1):
        scheduler.step()
        rates.append(optimizer.param_groups[0][moves])
    what = "" if moves == "lr" else f", {moves}"
    return f"torch {torch.__version__.split('a')[0].split('+')[0]}: {kind}{what}", rates.__getitem__


def one_cycle(max_learning_rate, total_steps, momentum=None, **options):
    if momentum is not None:
        # torch has no factors for the momentum: it begins and ends at the larger one.
        ends = {"base_momentum": momentum[0], "max_momentum": momentum[1]}
        shape = {name: value for name, value in options.items() if "div_factor" not in name}
        return _torch("OneCycleLR", total_steps, moves="momentum", max_lr=1.0, total_steps=total_steps, **ends, **shape)
    return _torch("OneCycleLR", total_steps, max_lr=max_learning_rate, total_steps=total_steps, **options)


def cyclic(base_learning_rate, max_learning_rate, **options):
    return _torch("CyclicLR", 5000, base_lr=base_learning_rate, max_lr=max_learning_rate, **options)


def linear(initial_learning_rate, total_steps, end_learning_rate=0.0):
    version, rate = _optax(lambda optax: optax.linear_schedule(initial_learning_rate, end_learning_rate, total_steps))
    return f"{version}: linear_schedule", rate


def constant(learning_rate):
    version, rate = _optax(lambda optax: optax.constant_schedule(learning_rate))
    return f"{version}: constant_schedule", rate


def _part(optax, part):
    """A part of a schedule that is made of others, by optax."""
    if isinstance(part, float):
        return optax.constant_schedule(part)
    config = part["config"]
    return {
        "CosineDecay": lambda: optax.cosine_decay_schedule(config["initial_learning_rate"], config["decay_steps"]),
        "Linear": lambda: optax.linear_schedule(config["initial_learning_rate"], config["end_learning_rate"], config["total_steps"]),
        "LinearWarmup": lambda: _warmed(optax, **config),
    }[part["class_name"]]()


def _warmed(optax, inner, warmup_steps):
    after = _part(optax, inner)
    return optax.join_schedules([optax.linear_schedule(0.0, float(after(0)), warmup_steps), after], [warmup_steps])


def linear_warmup(inner, warmup_steps):
    version, rate = _optax(lambda optax: _warmed(optax, inner, warmup_steps))
    return f"{version}: join_schedules", rate


def sequential_schedule(schedules, boundaries):
    version, rate = _optax(lambda optax: optax.join_schedules([_part(optax, part) for part in schedules], boundaries))
    return f"{version}: join_schedules", rate


BEYOND = {
    "WarmupStableDecay": warmup_stable_decay,
    "InverseSqrt": inverse_sqrt,
    "REX": rex,
    "OneCycle": one_cycle,
    "Cyclic": cyclic,
    "Linear": linear,
    "Constant": constant,
    "LinearWarmup": linear_warmup,
    "SequentialSchedule": sequential_schedule,
}
"""By class name: a function of the config that gives the source of the rates, and the rate at a step."""
