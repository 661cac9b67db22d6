"""keras-expectations.json: the transcribed numbers, written only when real Keras meets them.

Keras's tests allow the tolerance both absolutely and relatively: |a - b| <= tolerance * (1 + |b|).
"""

import numpy as np

import runner
from cases.expectations import LOOSE, optimizer_expectations, schedule_expectations
from encoding import made
from schedules import rates

# Keras's schedule tests compare with 1e-6; rates go up to 10 and are float32.
SCHEDULE_TOLERANCE = 2e-6


def _verify_optimizer(case):
    runner.fresh_names()
    optimizer = runner.build_optimizer(case["optimizer"], case["config"])
    variable = runner.make_variable("layer/weight", np.array(case["start"], np.float32).reshape(case["shape"]))
    if "excludeFromWeightDecay" in case:
        optimizer.exclude_from_weight_decay(var_names=case["excludeFromWeightDecay"])
    seen = []
    for gradient in case["gradients"]:
        with np.errstate(divide="ignore"):  # Lamb divides by the norm before it looks at it
            optimizer.apply([np.array(gradient, np.float32).reshape(case["shape"])], [variable])
        seen.append(variable.numpy().reshape(-1).copy())
    for step, index, value in case["expected"]:
        got = float(seen[step - 1][index])
        if abs(got - value) > case.get("tolerance", LOOSE) * (1.0 + abs(value)):
            raise AssertionError(f"{case['id']}: step {step}, element {index}: Keras gives {got}, its tests expect {value}")


def _verify_schedule(case):
    got = rates({**case, "steps": [step for step, _ in case["expected"]]})
    for rate, (step, value) in zip(got, case["expected"]):
        if abs(float(rate) - value) > SCHEDULE_TOLERANCE * (1.0 + abs(value)):
            raise AssertionError(f"{case['id']}: step {step}: Keras gives {rate}, its tests expect {value}")


def document():
    cases, schedules = optimizer_expectations(), schedule_expectations()
    for case in cases:
        _verify_optimizer(case)
    for case in schedules:
        _verify_schedule(case)
    return {
        "made": made(),
        "tolerance": LOOSE,
        "cases": cases,
        "scheduleTolerance": SCHEDULE_TOLERANCE,
        "schedules": schedules,
    }
