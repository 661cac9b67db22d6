"""small-states.json: Adam, AdamW and Lion with moments of fewer bits. Keras takes each step in float32; its slots are rounded after it.

bfloat16: the bits that go carry when bits of a hash of the block and the step (Chris Wellons's lowbias32) are added to them.
uint8: blocks of 256 numbers, each a scale and codes of bitsandbytes's dynamic map (functional.create_dynamic_map, 0.49). bitsandbytes
itself needs CUDA. In one thing it is left: a second moment that is not 0 does not become 0.
"""

import numpy as np

import runner
from encoding import encode, made

STEPS = 40
SIZES = [4613, 7]
"""More than four blocks, with a tail; and a variable that is too small for other slots than float32."""

CASES = [
    ("Adam", {"learning_rate": 0.01}),
    ("AdamW", {"learning_rate": 0.01, "weight_decay": 0.1, "beta_2": 0.95, "epsilon": 1e-8}),
    ("Lion", {"learning_rate": 0.01}),
]


def _start(size):
    return ((np.arange(size) * 31 % 1009 - 504) / 1024).astype(np.float32)


def _gradient(size, step):
    """Whole numbers over powers of two: the same in every language. Magnitudes differ by a factor of 2^14 within a block."""
    i = np.arange(size)
    whole = (i * 7919 + step * 104729 + i * step % 97 * 31) % 4001 - 2000
    return (whole / 2.0 ** (10 + i % 15)).astype(np.float32)


def _hash(x):
    x = x.astype(np.uint32)
    x = (x ^ x >> np.uint32(16)) * np.uint32(0x7FEB352D)
    x = (x ^ x >> np.uint32(15)) * np.uint32(0x846CA68B)
    return x ^ x >> np.uint32(16)


def _bfloat16(x, step, signed):
    place = np.arange(x.size, dtype=np.uint32)
    # Four hashes for a block of 1024 numbers; each continues as a Weyl sequence, whose upper halves serve two numbers each.
    hashes = _hash(place // 1024 * 512 + place % 4 + np.uint32(step * 0x9E3779B9 % 2**32))
    noise = (hashes + place % 1024 // 8 * np.uint32(0x9E3779B9)) >> np.uint32(16)
    return ((x.view(np.uint32) + noise) & np.uint32(0xFFFF0000)).view(np.float32)


def dynamic_map(signed):
    values = [0.0, 1.0]
    for i in range(7):
        parts = 2**i if signed else 2 ** (i + 1)
        boundaries = np.linspace(0.1, 1.0, parts + 1)
        means = 10.0 ** (i - 6) * (boundaries[:-1] + boundaries[1:]) / 2
        values += [*means, *(-means if signed else [])]
    assert len(values) == 256
    return np.sort(np.asarray(values, np.float32))


def _uint8(x, step, signed):
    values = dynamic_map(signed)
    result = np.empty_like(x)
    for at in range(0, x.size, 256):
        block = x[at : at + 256]
        scale = np.abs(block).max()
        y = block / (scale if scale > 0 else np.float32(1))
        distances = np.abs(y[:, None].astype(np.float64) - values[None].astype(np.float64))
        # The nearest, of two equally near ones that nearer to 0.
        nearest = np.lexsort((np.broadcast_to(np.abs(values), distances.shape), distances), axis=1)[:, 0]
        rounded = values[nearest]
        if not signed:
            rounded = np.where((block != 0) & (rounded == 0), values[1], rounded)
        result[at : at + 256] = rounded * scale
    return result


ROUNDED = {"bfloat16": _bfloat16, "uint8": _uint8}


def _run(class_name, config, dtype):
    runner.fresh_names()
    optimizer = runner.build_optimizer(class_name, config)
    variables = [runner.make_variable(f"v{i}", _start(size)) for i, size in enumerate(SIZES)]
    optimizer.build(variables)
    slots = [variable for variable in optimizer.variables if variable.shape == (SIZES[0],)]
    for step in range(STEPS):
        optimizer.apply([_gradient(size, step) for size in SIZES], variables)
        for slot in slots:
            rounded = ROUNDED[dtype](slot.numpy().copy(), step, signed="velocity" not in slot.path)
            slot.assign(rounded)
    state = [variable for variable in optimizer.variables if variable.shape != ()]
    return {
        "id": f"{class_name} {dtype}",
        "optimizer": class_name,
        "config": config,
        "stateDtype": dtype,
        "expected": encode(np.concatenate([variable.numpy().reshape(-1) for variable in variables])),
        "state": [{"path": v.path, "shape": list(v.shape), "dtype": "float32", "data": encode(v.numpy().reshape(-1))} for v in state],
    }


def document():
    return {
        "made": made(),
        "tolerance": 2e-6,
        "floor": 0.1,
        "sizes": SIZES,
        "steps": STEPS,
        "cases": [_run(*case, dtype) for case in CASES for dtype in ROUNDED],
    }
