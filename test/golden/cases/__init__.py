"""All cases, by file: `FILES` maps a file name to (class name, list of cases)."""

import beyond
from cases.base_options import base_cases
from cases.loss_scale import LOSS_SCALE_CASES
from cases.own_arguments import TABLE


def _own_cases(row):
    for config, stream in row["own"]:
        name = " + ".join(f"{key} {value}" for key, value in config.items())
        yield {"id": f"{name}, {stream}", "config": config, "stream": stream}


_BEYOND = {cls.__name__ for cls in beyond.CLASSES}
FILES = {row["file"]: (row["class"], [*base_cases(row, row["class"] in _BEYOND), *_own_cases(row)]) for row in TABLE}
FILES["loss-scale-optimizer.json"] = ("LossScaleOptimizer", LOSS_SCALE_CASES)
