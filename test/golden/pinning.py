"""Settings that must stand before numpy and Keras are imported.

numpy picks a pow, log and cos by CPU (AVX2, AVX-512), and OpenBLAS a matrix product by core. Both change last bits.
The plain versions are on every x86-64 machine, and numpy's plain pow, log and cos are also the closest to correctly
rounded: log differs from the rounded double in 0.2 % of values instead of 8 %.
"""

import os
import platform
import sys

sys.dont_write_bytecode = True
os.environ["KERAS_BACKEND"] = "numpy"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
if platform.machine() in ("x86_64", "AMD64"):
    os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"
    os.environ["OPENBLAS_CORETYPE"] = "Nehalem"
