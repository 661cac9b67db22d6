"""Optimizers that Keras lacks: a file each, named as the vectors, with one class.

The class is a `keras.optimizers.Optimizer`, so that base options and configs are Keras's; its `update_step` calls the authors'
package, or follows their paper. Its `SOURCE` names either, with version or section; vectors repeat it as `"source"`.
"""

import importlib
import pkgutil


def _class_of(module):
    (found,) = [value for value in vars(module).values() if isinstance(value, type) and hasattr(value, "SOURCE")]
    return found


CLASSES = [_class_of(importlib.import_module(f"beyond.{name}")) for _, name, _ in pkgutil.iter_modules(__path__)]
