"""Compares two documents: structure exactly; arrays and floating-point numbers bit for bit or within tolerance."""

import numpy as np

from arrays import restore

NOT_COMPARED = {"made"}
# Last digits of decimal numbers, such as a printed history, on another machine.
NUMBERS = 1e-4


def apart(actual, expected, floor):
    """The largest difference as README.md compares: relative; elements below the floor against the floor, or against its part of the largest."""
    expected = np.asarray(expected, np.float64)
    actual = np.asarray(actual, np.float64)
    largest = float(np.max(np.abs(expected), initial=0.0))
    if largest == 0.0:
        return 0.0 if not np.any(actual) else np.inf
    return float(np.max(np.abs(actual - expected) / np.maximum(np.abs(expected), floor * min(largest, 1.0))))


def differences(stored, fresh, path=""):
    """Yields (path, how far apart) for arrays and numbers that differ, and (path, None) where the structure does."""
    if isinstance(stored, dict) and isinstance(fresh, dict):
        if "data" in stored and "shape" in stored:
            yield from _arrays(stored, fresh, path)
            return
        for key in stored.keys() | fresh.keys():
            if key in NOT_COMPARED:
                continue
            if key not in stored or key not in fresh:
                yield f"{path}.{key}", None
            else:
                yield from differences(stored[key], fresh[key], f"{path}.{key}")
    elif isinstance(stored, list) and isinstance(fresh, list):
        if len(stored) != len(fresh):
            yield path, None
            return
        for index, (a, b) in enumerate(zip(stored, fresh)):
            label = a["id"] if isinstance(a, dict) and "id" in a else index
            yield from differences(a, b, f"{path}[{label}]")
    elif isinstance(stored, float) and isinstance(fresh, (float, int)):
        if stored != fresh:
            yield path, apart(fresh, stored, 0.0)
    # In --sensitivity every dtype is the wider one.
    elif stored != fresh and (stored, fresh) != ("float32", "float64"):
        yield path, None


def _arrays(stored, fresh, path):
    same_kind = {k: v for k, v in stored.items() if k != "data"} == {k: v for k, v in fresh.items() if k != "data"}
    if not same_kind:
        yield path, None
    elif stored["data"] != fresh["data"]:
        yield path, apart(restore(fresh), restore(stored), 0.1) if stored.get("dtype", "float32") == "float32" else None


def _kind(path):
    """Which of a file's tolerances a value is held to."""
    if "radient" in path:
        return "gradientTolerance"
    if ".weights" in path or ".predictions" in path:
        return "weightTolerance"
    return "tolerance"


def allowed(document, path):
    """The tolerance of README.md: the case's if it has one, else the file's."""
    kind = _kind(path)
    for case in document.get("cases", []):
        if path.startswith(f".cases[{case['id']}]") and kind in case:
            return case[kind]
    return document.get(kind, document.get("tolerance", NUMBERS))
