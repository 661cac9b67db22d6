"""keras-configs.json: what keras.optimizers.serialize gives, for reading and for writing back."""

import keras

import runner
from cases.configs import config_cases
from encoding import made


def _is_known(optimizer):
    """Keras 3.15's table of known optimizers lacks Lamb: its deserialize returns the string "Lamb"."""
    return not isinstance(keras.optimizers.deserialize(keras.optimizers.serialize(optimizer)), str)


def _record(name, class_name, arguments):
    runner.fresh_names()
    optimizer = runner.build_optimizer(class_name, arguments)
    if class_name in runner.BEYOND:
        note = f"Keras lacks this class: {runner.BEYOND[class_name].SOURCE}"
        return {"id": name, "serialized": {"class_name": class_name, "config": optimizer.get_config()}, "note": note}
    if not _is_known(optimizer):
        note = "written by hand: Keras's registry lacks this class and its deserialize returns a string"
        return {"id": name, "serialized": {"class_name": class_name, "config": optimizer.get_config()}, "note": note}
    serialized = keras.optimizers.serialize(optimizer)
    again = keras.optimizers.serialize(keras.optimizers.deserialize(keras.optimizers.serialize(optimizer)))
    if again != serialized:
        raise AssertionError(f"{name}: Keras itself does not give this back: {again} instead of {serialized}")
    return {"id": name, "serialized": serialized}


def document():
    return {"made": made(), "cases": [_record(*case) for case in config_cases()]}
