"""Arrays as base64 of little-endian bytes, and JSON with one case per line so that a diff names the case."""

import base64
import json
import platform
from pathlib import Path

import keras
import numpy as np

HERE = Path(__file__).parent
DTYPES = {"float32": "<f4", "int32": "<i4"}


def made():
    return {
        "keras": keras.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "script": "test/golden/generate.py",
    }


def encode(array, dtype="float32"):
    return base64.b64encode(np.asarray(array).astype(DTYPES[dtype]).tobytes()).decode()


def decode(text, dtype="float32"):
    return np.frombuffer(base64.b64decode(text), DTYPES[dtype])


def _plain(value):
    # Keras leaves numpy scalars in some configs.
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} in a golden file: {value!r}")


def _compact(value):
    # allow_nan: a NaN in a golden file is a mistake of the generator, never an expectation.
    return json.dumps(value, separators=(",", ":"), default=_plain, allow_nan=False)


def to_text(document):
    """Top-level keys on a line each; lists, streams and models, one element per line."""
    lines = []
    for key, value in document.items():
        if key == "cases":
            body = "[\n" + ",\n".join(_compact(case) for case in value) + "\n]"
        elif key in ("streams", "models"):
            body = "{\n" + ",\n".join(f"{_compact(k)}:{_compact(v)}" for k, v in value.items()) + "\n}"
        else:
            body = _compact(value)
        lines.append(f"{_compact(key)}:{body}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write(name, document):
    (HERE / name).write_text(to_text(document))


def read(name):
    return json.loads((HERE / name).read_text())
