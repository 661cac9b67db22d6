"""schedules.json: every schedule at its turning points, called with an int32 step as an optimizer calls it.

Those that Keras lacks are computed in float64 by beyond_schedules.py; `source` names by what.
"""

import keras
import numpy as np

import sensitivity
from beyond_schedules import BEYOND
from cases.schedules import schedule_cases
from encoding import encode, made

TOLERANCE = 2e-6
# A rate near the end of a cosine is a difference of near equals; below this part of the case's largest rate, compare absolutely.
FLOOR_PART = 0.05


def _beyond(case):
    """The source of the rates, and the rate at a step. `moves` are arguments for the source alone."""
    return BEYOND[case["class_name"]](**case["config"], **case.get("moves", {}))


def rates(case):
    if case["class_name"] in BEYOND:
        _, rate = _beyond(case)
        return np.array([rate(step) for step in case["steps"]], np.float32)
    schedule = getattr(keras.optimizers.schedules, case["class_name"])(**case["config"])
    steps = [keras.ops.convert_to_tensor(step, "int32") for step in case["steps"]]
    with np.errstate(all="ignore"):
        return np.array([float(schedule(step)) for step in steps], np.float32)


def _record(case):
    expected = rates(case)
    # Three digits, so that a last bit of a rate on another machine does not show here.
    floor = float(f"{FLOOR_PART * float(np.max(np.abs(expected))):.3g}")
    # Where a last bit of log or pow moves Keras itself to another period, there is nothing to expect.
    with sensitivity.in_float64():
        exact = rates(case)
    near = np.abs(exact - expected) <= 0.5 * TOLERANCE * np.maximum(np.abs(expected), floor)
    kept = near & np.isfinite(expected)
    dropped = [step for step, ok in zip(case["steps"], kept) if not ok]
    steps = [step for step, ok in zip(case["steps"], kept) if ok]
    source = {"source": _beyond(case)[0]} if case["class_name"] in BEYOND else {}
    return {**case, **source, "steps": steps, "floor": floor, "expected": encode(expected[kept])}, dropped


def document():
    """The file, and the steps left out by case id."""
    records = [_record(case) for case in schedule_cases()]
    left_out = {record["id"]: dropped for record, dropped in records if dropped}
    return {"made": made(), "tolerance": TOLERANCE, "cases": [record for record, _ in records]}, left_out
