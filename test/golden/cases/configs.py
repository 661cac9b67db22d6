"""Optimizers whose serialized form is recorded: every class by default, with each argument off its default, and with each schedule."""

from cases import learning_rates as rates
from cases.own_arguments import TABLE

# Every base option that may stand together; only one of the clips may be set.
BASE = {
    "name": "tuned",
    "weight_decay": 0.01,
    "clipnorm": 2.0,
    "use_ema": True,
    "ema_momentum": 0.95,
    "ema_overwrite_frequency": 100,
    "loss_scale_factor": 16.0,
    "gradient_accumulation_steps": 4,
}
SCHEDULES = [
    rates.exponential, rates.staircase, rates.piecewise, rates.polynomial, rates.inverse_time, rates.cosine, rates.warmup, rates.restarts,
]


def _all_own(row):
    merged = {}
    for config, _ in row["own"]:
        merged.update(config)
    return {**merged, "learning_rate": 0.03}


def _for_row(index, row):
    name = row["class"]
    schedule = SCHEDULES[index % len(SCHEDULES)]
    own = {key: value for key, value in _all_own(row).items() if key not in BASE}
    yield f"{name}: defaults", name, {}
    yield f"{name}: all arguments", name, {**own, **BASE}
    yield f"{name}: {schedule.__name__} schedule", name, {"learning_rate": schedule(0.1), "clipvalue": 0.5}


def config_cases():
    """Tuples of id, class name, constructor arguments."""
    cases = [case for index, row in enumerate(TABLE) for case in _for_row(index, row)]
    for schedule in SCHEDULES:
        cases.append((f"SGD: every schedule, {schedule.__name__}", "SGD", {"learning_rate": schedule(0.2), "global_clipnorm": 1.0}))
    adam = {"class_name": "Adam", "config": {"learning_rate": rates.warmup(0.01), "amsgrad": True, "global_clipnorm": 1.0}}
    sgd = {"class_name": "SGD", "config": {}}
    own = {"initial_scale": 1024.0, "dynamic_growth_steps": 500}
    cases.append(("LossScaleOptimizer: defaults", "LossScaleOptimizer", {"inner_optimizer": sgd}))
    cases.append(("LossScaleOptimizer: all arguments", "LossScaleOptimizer", {"inner_optimizer": adam, **own, "name": "scaled"}))
    return cases
