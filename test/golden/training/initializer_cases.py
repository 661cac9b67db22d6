"""Shapes and arguments for initializers.json."""

FAN_SHAPES = [[], [7], [5, 3], [3, 4, 5], [3, 3, 2, 8], [5, 5, 1, 6], [2, 3, 4, 5, 6], [1, 1]]
SCALINGS = [
    ("GlorotUniform", {}), ("GlorotNormal", {}), ("HeUniform", {}), ("HeNormal", {}), ("LecunUniform", {}), ("LecunNormal", {}),
    ("VarianceScaling", {}),
    *(
        ("VarianceScaling", {"scale": scale, "mode": mode, "distribution": distribution})
        for mode, scale in (("fan_in", 0.5), ("fan_out", 2.0), ("fan_avg", 3.0))
        for distribution in ("uniform", "truncated_normal", "untruncated_normal")
    ),
]
CONSTANTS = [
    ("Zeros", {}, [2, 3]), ("Ones", {}, [4]), ("Constant", {"value": 0.3}, [2, 2]), ("Constant", {}, [3]), ("Identity", {}, [3, 3]),
    ("Identity", {"gain": 2.5}, [2, 4]), ("Identity", {}, [4, 2]),
]
ORTHOGONAL = [([4, 4], 1.0), ([6, 3], 1.0), ([3, 6], 2.0), ([3, 3, 2, 5], 1.0)]
NAMES = [
    "zeros", "zero", "ones", "one", "identity", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform",
    "lecun_normal", "uniform", "normal", "random_uniform", "random_normal", "truncated_normal", "variance_scaling", "orthogonal", "GlorotUniform",
]

REGULARIZERS = [
    ("L1", {}), ("L1", {"l1": 0.3}), ("L2", {}), ("L2", {"l2": 0.02}), ("L1L2", {}), ("L1L2", {"l1": 0.1, "l2": 0.01}),
    ("OrthogonalRegularizer", {}), ("OrthogonalRegularizer", {"factor": 0.2, "mode": "columns"}),
]
REGULARIZER_NAMES = ["l1", "l2", "l1l2", "L1", "L2", "L1L2", "orthogonal_regularizer"]
REGULARIZED = [[3, 4], [5, 2]]

CONSTRAINTS = [
    ("MaxNorm", {}, [4, 3]), ("MaxNorm", {"max_value": 1.0}, [4, 3]), ("MaxNorm", {"max_value": 0.8, "axis": 1}, [4, 3]),
    ("MaxNorm", {"max_value": 1.5, "axis": [0, 1, 2]}, [3, 3, 2, 4]), ("MaxNorm", {"max_value": 0.5}, [5]),
    ("NonNeg", {}, [3, 4]), ("UnitNorm", {}, [4, 3]), ("UnitNorm", {"axis": 1}, [4, 3]), ("UnitNorm", {"axis": [0, 1]}, [2, 3, 4]),
    ("MinMaxNorm", {}, [4, 3]), ("MinMaxNorm", {"min_value": 0.5, "max_value": 0.9}, [4, 3]),
    ("MinMaxNorm", {"min_value": 1.5, "max_value": 2.0, "rate": 0.5, "axis": 1}, [4, 3]),
]
CONSTRAINT_NAMES = ["max_norm", "non_neg", "unit_norm", "min_max_norm", "MaxNorm", "NonNeg"]
