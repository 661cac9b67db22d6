"""Files of weights as Python writes them: .npz by NumPy, .safetensors by the crate's Python package.

    python test/golden/saved_files.py           writes saved-files.json
    python test/golden/saved_files.py --check   reads what gradstep wrote (saved-by-gradstep.json) by NumPy and safetensors

Needs requirements.txt and safetensors==0.8.0. Files of NumPy differ in their dates; they are written once.
"""

import base64
import io
import json
import pathlib
import sys

import numpy as np
from safetensors.numpy import load, save

HERE = pathlib.Path(__file__).parent
DTYPES = ["bool", "uint8", "int8", "uint16", "int16", "float16", "uint32", "int32", "float32", "uint64", "int64", "float64"]

# By dtype: whole numbers, so that each can hold them; float16 with subnormals and the largest one.
VALUES = {name: np.array([[0, 1, 2], [3, 100, 1]]).astype(name) for name in DTYPES}
VALUES["float16"] = np.array([[0.0, -1.5, 2.0**-24], [6.1e-5, 65504.0, 0.333251953125]], np.float16)

# Weights of a model of Dense(2, name="dense") on 3 inputs.
MODEL = {
    "dense/kernel": np.array([[0.5, -1.25], [3.0, 0.0], [1e-7, 1e20]], np.float32),
    "dense/bias": np.array([1.0, -2.0], np.float32),
}


def text(data):
    return base64.b64encode(data).decode()


def npz(arrays, compressed=False):
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **arrays)
    return text(file.getvalue())


def plain(arrays):
    return {name: {"shape": list(a.shape), "values": a.astype(np.float64).ravel().tolist()} for name, a in arrays.items()}


def document():
    orders = {
        "fortran": np.asfortranarray(np.arange(24, dtype=np.float32).reshape(2, 3, 4)),
        "big_endian": np.array([1.5, -2.25, 3e8], ">f4"),
        "big_endian_int64": np.array([[1], [-7]], ">i8"),
        "scalar": np.float32(4.5),
        "empty": np.zeros((0, 3), np.float32),
    }
    large = {"zeros": np.zeros((40, 50), np.float32), "ramp": np.arange(300, dtype=np.float32)}
    return {
        "made": f"NumPy {np.__version__}, safetensors 0.8.0, by saved_files.py",
        "npz": {
            "dtypes": {"file": npz(VALUES), "arrays": plain(VALUES)},
            "orders": {"file": npz(orders), "arrays": plain(orders)},
            "compressed": {"file": npz(large, compressed=True), "arrays": plain(large)},
            "model": {"file": npz(MODEL), "arrays": plain(MODEL)},
        },
        "safetensors": {
            "dtypes": {"file": text(save(VALUES)), "arrays": plain(VALUES)},
            "model": {"file": text(save(MODEL, {"format": "gradstep"})), "arrays": plain(MODEL)},
        },
    }


def check():
    ours = json.loads((HERE / "saved-by-gradstep.json").read_text())
    read = dict(np.load(io.BytesIO(base64.b64decode(ours["npz"]))))
    for arrays in (read, load(base64.b64decode(ours["safetensors"]))):
        assert list(arrays) and set(arrays) == set(ours["arrays"]), sorted(arrays)
        for name, expected in ours["arrays"].items():
            assert arrays[name].dtype == expected["dtype"], name
            assert list(arrays[name].shape) == expected["shape"], name
            assert arrays[name].ravel().tolist() == [float(v) for v in expected["values"]], name
    print(f"{len(ours['arrays'])} arrays, read by NumPy and by safetensors")


if sys.argv[1:] == ["--check"]:
    check()
else:
    (HERE / "saved-files.json").write_text(json.dumps(document()) + "\n")
