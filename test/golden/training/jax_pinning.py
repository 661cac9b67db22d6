"""Settings that must stand before JAX and Keras are imported.

XLA compiles for the CPU it finds and splits work over threads, and both change last bits. SSE4.2 on one thread is on every x86-64 machine.
With `--sensitivity` everything is float64 instead: those numbers are only compared with the files, never written.
"""

import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
FOLDER = Path(__file__).parent
# encoding.py is shared with the optimizer vectors.
sys.path.append(str(FOLDER.parent))
FLOAT64 = "--sensitivity" in sys.argv
os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = "--xla_cpu_max_isa=SSE4_2 --xla_cpu_multi_thread_eigen=false --xla_cpu_use_thunk_runtime=true intra_op_parallelism_threads=1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
if FLOAT64:
    os.environ["JAX_ENABLE_X64"] = "1"
