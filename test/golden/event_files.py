"""Event files: records by TensorBoard's own protocol buffers and writer, and what Keras's callback writes in a run.

    KERAS_BACKEND=jax python test/golden/event_files.py           writes event-files.json
    python test/golden/event_files.py --check FOLDER              prints what TensorBoard's reader finds in event files

Needs requirements.txt and tensorboard==2.21.0. Keras's callback writes through `tensorflow.summary`, which is stood in for here by a
recorder of its calls: nothing else of TensorFlow is used.
"""

import io
import json
import pathlib
import sys
import types

import numpy as np
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.plugins.scalar.summary_v2 import scalar_pb
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

HERE = pathlib.Path(__file__).parent
TIME = 1700000000.25
SOME = [-1, 0.5, 2, 2, 2, 3.25]


def record(**fields):
    file = io.BytesIO()
    RecordWriter(file).write(event_pb2.Event(wall_time=TIME, **fields).SerializeToString(deterministic=True))
    return file.getvalue().hex()


def model_summary(text):
    plugin = summary_pb2.SummaryMetadata.PluginData(plugin_name="graph_keras_model", content=b"1")
    summary = summary_pb2.Summary()
    metadata = summary_pb2.SummaryMetadata(plugin_data=plugin)
    summary.value.add(tag="keras", metadata=metadata, tensor=tensor_util.make_tensor_proto(text))
    return summary


def records():
    return {
        "version": record(file_version="brain.Event:2"),
        "scalar": record(step=3, summary=scalar_pb("epoch_loss", 0.1)),
        "firstStep": record(step=0, summary=scalar_pb("épreuve", -2.5)),
        "largeStep": record(step=2**40 + 5, summary=scalar_pb("batch_loss", 1e30)),
        "histogram": record(step=3, summary=histogram_pb("dense/kernel/histogram", np.array(SOME, np.float32))),
        "equal": record(step=300, summary=histogram_pb("dense/bias/histogram", np.array([2.5] * 4, np.float32))),
        "model": record(step=0, summary=model_summary('{"a":1}')),
    }


class Recorder(types.ModuleType):
    """Stands in for `tensorflow.summary`: the current writer's folder, and whether it records."""

    def __init__(self):
        super().__init__("tensorflow.summary")
        self.writers, self.conditions, self.calls = [], [lambda: True], []

    def create_file_writer(self, folder):
        return Writer(self, pathlib.Path(folder).name)

    def record_if(self, condition):
        return Within(self.conditions, condition)

    def scalar(self, tag, value, step):
        self.add(tag, step, float(value))

    def histogram(self, tag, value, step):
        self.add(tag, step, None)

    def add(self, tag, step, value):
        if self.writers and self.conditions[-1]():
            self.calls.append([self.writers[-1], tag, int(step), value])


class Within:
    def __init__(self, stack, entry):
        self.stack, self.entry = stack, entry

    def __enter__(self):
        self.stack.append(self.entry)

    def __exit__(self, *_):
        self.stack.pop()


class Writer:
    def __init__(self, recorder, folder):
        self.recorder, self.folder = recorder, folder

    def as_default(self, step=None):
        return Within(self.recorder.writers, self.folder)

    def flush(self):
        pass

    def close(self):
        pass


def run(update_freq):
    """Two epochs of three batches, with validation."""
    import keras

    recorder = Recorder()
    package = types.ModuleType("tensorflow")
    package.summary = recorder
    sys.modules.update({"tensorflow": package, "tensorflow.summary": recorder})
    dense = keras.layers.Dense(2, kernel_initializer="ones", name="head")
    model = keras.Sequential([keras.layers.Input([3]), dense])
    model.compile(optimizer=keras.optimizers.SGD(0.125), loss="mse", metrics=["mae"])
    board = keras.callbacks.TensorBoard("logs", histogram_freq=1, write_graph=False, update_freq=update_freq)
    x = np.arange(18, dtype=np.float32).reshape(6, 3) / 16
    y = np.arange(12, dtype=np.float32).reshape(6, 2) / 8
    data = {"batch_size": 2, "epochs": 2, "shuffle": False, "verbose": 0, "validation_data": (x[:2], y[:2])}
    model.fit(x, y, callbacks=[board], **data)
    sys.modules.pop("tensorflow")
    sys.modules.pop("tensorflow.summary")
    return recorder.calls


def found(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    accumulator = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    accumulator.Reload()
    for tag in accumulator.Tags()["tensors"]:
        plugin = accumulator.SummaryMetadata(tag).plugin_data.plugin_name
        for event in accumulator.Tensors(tag):
            yield tag, plugin, event.step, tensor_util.make_ndarray(event.tensor_proto)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        for entry in found(sys.argv[2]):
            print(*entry)
    else:
        document = {"records": records(), "runs": {str(freq): run(freq) for freq in ("epoch", 1, 2)}}
        (HERE / "event-files.json").write_text(json.dumps(document, indent=1) + "\n")
