"""Models as files in JSON, for keras_files.py (Keras 3) and keras2_files.py (Keras 2), which need separate environments."""

import base64
import gzip
import pathlib
import tempfile

import numpy as np


def text(data):
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def saved(model, ending):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"model{ending}"
        if ending == ".weights.h5":
            model.save_weights(path)
        else:
            model.save(path)
        return text(path.read_bytes())


def numbers(array):
    return [float(np.float32(v)) for v in np.asarray(array).ravel()]
