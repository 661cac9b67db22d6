"""digits.json: the rows that the training runs use, and what is made of them."""

import csv
import gzip
import io

import numpy as np

import jax_pinning
from arrays import FLOAT, record
from versions import made

# The first rows train, the rest are validation_data where a run asks for it.
ROWS = 400
SOURCE = jax_pinning.FOLDER.parents[2] / "examples" / "data" / "digits.csv.gz"


def _table():
    text = gzip.decompress(SOURCE.read_bytes()).decode()
    rows = [line for line in csv.reader(io.StringIO(text)) if line and line[0].strip().isdigit()]
    return np.array(rows[:ROWS], np.int32)


TABLE = _table()
PIXELS, LABELS = TABLE[:, :64], TABLE[:, 64]


def inputs(kind, rows):
    """`rows` is a slice. README.md says the same in words."""
    scaled = (PIXELS[rows] / 16.0).astype(FLOAT)
    return {
        "pixels": lambda: scaled,
        "bright": lambda: ((PIXELS[rows] + 1) / 17.0).astype(np.float32).astype(FLOAT),
        "images": lambda: scaled.reshape(-1, 8, 8, 1),
        "halves": lambda: [scaled[:, :32], scaled[:, 32:]],
        "codes": lambda: PIXELS[rows][:, 16:48],
    }[kind]()


def targets(kind, rows):
    labels = LABELS[rows]
    parity = (labels % 2).astype(FLOAT).reshape(-1, 1)
    return {
        "labels": lambda: labels,
        "one hot": lambda: np.eye(10, dtype=FLOAT)[labels],
        "parity": lambda: parity,
        "number": lambda: (labels / 9.0).astype(np.float32).astype(FLOAT),
        "label and parity": lambda: [labels, parity],
    }[kind]()


def document():
    return {"made": made(), "pixels": record(PIXELS, "uint8"), "labels": record(LABELS, "uint8")}
