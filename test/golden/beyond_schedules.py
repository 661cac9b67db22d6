"""Schedules that Keras lacks, in float64: by optax where it has one, else by the formula of the paper."""

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


BEYOND = {"WarmupStableDecay": warmup_stable_decay, "InverseSqrt": inverse_sqrt, "REX": rex}
"""By class name: a function of the config that gives the source of the rates, and the rate at a step."""
