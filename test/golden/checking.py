"""Compares a file with what the generator makes now: structure exactly, arrays bit for bit or, on another machine, within tolerance."""

import numpy as np

from encoding import decode
from sensitivity import drift

# `made` holds versions, which may differ on another machine; arrays are compared by value below.
NOT_COMPARED = {"made", "expected", "finalized", "state"}


def compare(stored, fresh):
    """Problems in words, and the number of arrays that agree within tolerance but not bit for bit."""
    problems = [f"{key} differs" for key in sorted(stored.keys() | fresh.keys()) if key not in NOT_COMPARED | {"cases"} and stored.get(key) != fresh.get(key)]
    moved = 0
    old, new = stored.get("cases", []), fresh.get("cases", [])
    if [case["id"] for case in old] != [case["id"] for case in new]:
        return [*problems, "the cases are others"], moved
    for before, after in zip(old, new):
        tolerance = before.get("tolerance", stored.get("tolerance", 0.0))
        floor = before.get("floor", stored.get("floor", 0.0))
        found, changed = _compare_case(before, after, tolerance, floor)
        problems += [f"{before['id']}: {problem}" for problem in found]
        moved += changed
    return problems, moved


def _compare_case(before, after, tolerance, floor):
    problems = [key for key in sorted(before.keys() | after.keys()) if key not in NOT_COMPARED and before.get(key) != after.get(key)]
    pairs = [(key, before.get(key), after.get(key), "float32", floor) for key in ("expected", "finalized")]
    states = before.get("state", []), after.get("state", [])
    layouts = [[(entry["path"], entry["shape"], entry["dtype"]) for entry in state] for state in states]
    if layouts[0] != layouts[1]:
        return [*problems, "the optimizer's variables are others"], 0
    pairs += [(a["path"], a["data"], b["data"], a["dtype"], None) for a, b in zip(*states)]
    moved = 0
    for name, a, b, dtype, bound in pairs:
        if a == b:
            continue
        if not isinstance(a, str) or not isinstance(b, str) or len(a) != len(b):
            problems.append(name)
            continue
        x, y = decode(a, dtype), decode(b, dtype)
        # State is compared against the largest element of its tensor, see README.md.
        scale = bound if bound is not None else max(float(np.max(np.abs(x.astype(np.float64)), initial=0.0)), 1e-30)
        if dtype != "float32" or not drift(y, x, scale) <= tolerance:
            problems.append(name)
        moved += 1
    return problems, moved
