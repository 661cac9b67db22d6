"""Versions, and names that start anew."""

import platform

import jax
import keras
import numpy as np

import jax_pinning

if jax_pinning.FLOAT64:
    keras.config.set_floatx("float64")


def made():
    return {
        "keras": keras.__version__,
        "backend": f"jax {jax.__version__}",
        "numpy": np.__version__,
        "python": platform.python_version(),
        "script": "test/golden/training/generate.py",
    }


def fresh_names():
    """Automatic names count up over a process; every case starts them anew."""
    keras.utils.clear_session(free_memory=False)
