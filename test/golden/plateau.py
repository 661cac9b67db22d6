"""The scale of optax's `contrib.reduce_on_plateau` after each loss. `plateau.json`, read by test/conformance/reduce-on-plateau.test.ts."""

import math

import encoding


def _losses(count, stall):
    """Falls until `stall`, then wanders around a level."""
    fall = [3 * 0.8 ** min(i, stall) + 0.05 * math.sin(1.7 * i) for i in range(count)]
    return [round(loss, 6) for loss in fall]


CASES = [
    ("defaults", _losses(60, 12), {}),
    ("patience 1", _losses(30, 6), {"factor": 0.5, "patience": 1}),
    ("cooldown", _losses(50, 8), {"factor": 0.5, "patience": 2, "cooldown": 4}),
    ("tolerances", _losses(50, 30), {"factor": 0.3, "patience": 3, "rtol": 0.05, "atol": 0.1}),
    ("accumulation", _losses(90, 20), {"factor": 0.7, "patience": 2, "accumulation_size": 4}),
    ("least scale", _losses(40, 3), {"factor": 0.4, "patience": 2, "min_scale": 0.05, "cooldown": 1}),
    ("a constant", [1.0] * 20, {"factor": 0.25, "patience": 3}),
    ("NaN", [2.0, 1.0, None, None, 0.5, None, None, None, 0.25, 0.25, 0.25], {"factor": 0.5, "patience": 2}),
]


def _scales(losses, options):
    import jax
    import optax.contrib

    rule = optax.contrib.reduce_on_plateau(**options)
    ones = jax.numpy.ones([1], jax.numpy.float32)
    state = rule.init(ones)
    update = jax.jit(lambda state, value: rule.update(ones, state, value=value))
    scales = []
    for loss in losses:
        updates, state = update(state, math.nan if loss is None else loss)
        scales.append(float(updates[0]))
    return scales


def document():
    import optax

    return {
        "made": encoding.made(),
        "source": f"optax {optax.__version__}: contrib.reduce_on_plateau; null is NaN",
        "cases": [{"id": name, "config": options, "losses": losses, "scales": _scales(losses, options)} for name, losses, options in CASES],
    }
