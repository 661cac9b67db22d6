"""Expectations of Keras's own tests (keras/src/optimizers/*_test.py, Apache-2.0), transcribed as numbers.

Every `expected` is a list of [step, flat index, value]; steps count from 1.
"""

import math

LOOSE = 5e-4  # the values are given to four digits


def _flat(values):
    return [[1, index, value] for index, value in enumerate(values)]


# One step from [1, 2, 3, 4] with gradients [1, 6, 7, 2] at rate 0.5, other arguments default.
SINGLE = [
    ("SGD", [0.5, -1.0, -0.5, 3.0]),
    ("RMSprop", [-0.5811, 0.4189, 1.4189, 2.4189]),
    ("Adam", [0.5, 1.5, 2.5, 3.5]),
    ("Adamax", [0.5, 1.5, 2.5, 3.5]),
    ("Lion", [0.5, 1.5, 2.5, 3.5]),
    ("AdamW", [0.4980, 1.4960, 2.494, 3.492]),
    ("Adadelta", [0.9993, 1.9993, 2.9993, 3.9993]),
    ("Adagrad", [0.5233, 1.5007, 2.5005, 3.5061]),
    ("Adafactor", [-0.3693, 0.6307, 1.6307, 2.6307]),
    ("Nadam", [0.4686, 1.4686, 2.4686, 3.4686]),
    ("Ftrl", [0.2218, 1.3954, 2.3651, 2.8814]),
    ("Lamb", [-0.3693, 0.6306, 1.6306, 2.6306]),
]

# Five steps from ten ones: gradients 0.01 at the first, then 0.1 to 1.0. A pair is (first element, last element).
FIVE = [
    ("SGD", {"nesterov": True}, [0.9999, (0.9989, 0.9899), (0.9979, 0.9799), (0.9969, 0.9699), (0.9959, 0.9599)]),
    ("RMSprop", {"centered": True}, [0.9967, 0.9933, 0.9908, 0.9885, 0.9864]),
    ("Adam", {"amsgrad": True}, [0.999, 0.9982, 0.9974, 0.9965, 0.9955]),
    ("Lamb", {}, [0.999, 0.9982, 0.9974, 0.9965, 0.9955]),
    (
        "AdamW",
        {"learning_rate": 1.0, "weight_decay": 0.5, "epsilon": 2.0},
        [0.4998, (0.2486, 0.2382), (0.1223, 0.1003), (0.0586, 0.0258), (0.0263, -0.0159)],
    ),
    ("Adadelta", {"learning_rate": 1.0, "rho": 0.8, "epsilon": 1e-6}, [0.9978, 0.9947, 0.9915, 0.9882, 0.9849]),
    (
        "Adagrad",
        {"learning_rate": 0.2, "initial_accumulator_value": 0.3, "epsilon": 1e-6},
        [0.9963, (0.9604, 0.8209), (0.9251, 0.6891), (0.8903, 0.5790), (0.8560, 0.4825)],
    ),
    (
        "Adamax",
        {"learning_rate": 0.2, "beta_1": 0.85, "beta_2": 0.95, "epsilon": 1e-6},
        [0.8, (0.6827, 0.6910), (0.5333, 0.5466), (0.3680, 0.3848), (0.1933, 0.2126)],
    ),
    (
        "Adafactor",
        {
            "learning_rate": 0.5, "beta_2_decay": -0.65, "epsilon_1": 1e-15, "epsilon_2": 1e-4,
            "clip_threshold": 0.9, "relative_step": False,
        },
        [0.55, (0.3031, 0.3024), (0.1671, 0.1663), (0.0923, 0.0914), (0.0554, 0.0545)],
    ),
    (
        "Nadam",
        {"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.67, "epsilon": 1e-5},
        [0.4281, (-0.1738, -0.1717), (-0.7115, -0.7084), (-1.2335, -1.2299), (-1.7492, -1.7454)],
    ),
    (
        "Ftrl",
        {
            "learning_rate": 0.05, "learning_rate_power": -0.2, "initial_accumulator_value": 0.4,
            "l1_regularization_strength": 0.05, "l2_regularization_strength": 0.15,
            "l2_shrinkage_regularization_strength": 0.01, "beta": 0.3,
        },
        [0.0, (-0.0034, -0.0354), (-0.0078, -0.0685), (-0.0121, -0.0999), (-0.0164, -0.1299)],
    ),
    ("Lion", {}, [0.999, 0.998, 0.997, 0.996, 0.995]),
]

# With zero gradients the decay acts alone: 2 * (1 - 0.004) a step. Ftrl and ScheduleFreeAdamW move for other reasons.
DECAYING = ["SGD", "RMSprop", "Adam", "AdamW", "Adadelta", "Adagrad", "Adamax", "Adafactor", "Nadam", "Lion", "Lamb"]


def _single_cases():
    for name, values in SINGLE:
        yield {
            "id": f"{name}: single step", "optimizer": name, "config": {"learning_rate": 0.5}, "shape": [4],
            "start": [1, 2, 3, 4], "gradients": [[1, 6, 7, 2]], "expected": _flat(values),
        }
    square = {"shape": [2, 2], "start": [1, 2, 3, 4], "gradients": [[1, 6, 7, 2]]}
    yield {
        "id": "Adafactor: single step, 2-D", "optimizer": "Adafactor", "config": {"learning_rate": 0.5}, **square,
        "expected": _flat([0.7007, -0.0081, 1.2492, 3.4407]),
    }
    yield {
        "id": "Muon: single step, AdamW side", "optimizer": "Muon",
        "config": {"learning_rate": 0.5, "adam_weight_decay": None, "weight_decay": None}, "shape": [4],
        "start": [1, 2, 3, 4], "gradients": [[1, 6, 7, 2]], "expected": _flat([0.5, 1.5, 2.5, 3.5]),
    }
    yield {
        "id": "Muon: single step, 2-D", "optimizer": "Muon",
        "config": {"learning_rate": 0.5, "weight_decay": None}, **square,
        "expected": _flat([0.988775, 1.887053, 2.873428, 3.97035]), "tolerance": 1e-2,
    }


def _five_cases():
    gradients = [[0.01] * 10] + [[(i + 1) / 10 for i in range(10)]] * 4
    for name, config, values in FIVE:
        expected = []
        for step, value in enumerate(values, start=1):
            first, last = value if isinstance(value, tuple) else (value, value)
            expected += [[step, 0, first], [step, 9, last]]
        yield {
            "id": f"{name}: five steps", "optimizer": name, "config": config, "shape": [10], "start": [1.0] * 10,
            "gradients": gradients, "expected": expected,
        }


def _option_cases():
    for name in DECAYING:
        config = {"learning_rate": 1.0, "weight_decay": 0.004}
        still = {"optimizer": name, "config": config, "shape": [1], "start": [2.0], "gradients": [[0.0]] * 3}
        yield {**still, "id": f"{name}: weight decay", "expected": [[t, 0, 2.0 * 0.996**t] for t in (1, 2, 3)]}
        yield {
            **still, "id": f"{name}: weight decay, excluded", "excludeFromWeightDecay": ["weight"],
            "expected": [[t, 0, 2.0] for t in (1, 2, 3)],
        }
    for option, value, clipped in (("clipnorm", 1.0, 0.7071), ("clipvalue", 1.0, 1.0), ("global_clipnorm", 1.0, 0.7071)):
        # SGD at rate 1 from zero: the weights are the clipped gradients, negated.
        yield {
            "id": f"SGD: {option}", "optimizer": "SGD", "config": {"learning_rate": 1.0, option: value}, "shape": [2],
            "start": [0.0, 0.0], "gradients": [[100.0, 100.0]], "expected": _flat([-clipped, -clipped]),
        }


def optimizer_expectations():
    return [*_single_cases(), *_five_cases(), *_option_cases()]


def schedule_expectations():
    """The formulas of Keras's schedule tests, worked out in double precision here, apart from Keras."""
    half_cosine = lambda part: 0.5 * (1.0 + math.cos(math.pi * part))

    def case(name, class_name, config, expected):
        return {"id": f"{class_name}: {name}", "class_name": class_name, "config": config, "expected": expected}

    stairs = {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.96, "staircase": True}
    inverse = {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.96}
    polynomial = {"initial_learning_rate": 0.05, "decay_steps": 10, "end_learning_rate": 0.001}
    cosine = {"initial_learning_rate": 1.0, "decay_steps": 1000}
    restarts = {"initial_learning_rate": 1.0, "first_decay_steps": 1000}
    quarters = range(0, 1500, 250)
    ones = range(0, 2250, 250)
    # t_mul 2: the second period is 2000 long.
    twice = [(step, 0, step / 1000) for step in range(0, 1000, 250)] + [(step, 1, (step - 1000) / 2000) for step in range(1000, 3000, 250)]

    def warm(step, length):
        return 10.0 * step / length if step < length else 10.0 * half_cosine(min(step - length, 1000) / 1000)

    return [
        case("halfway", "ExponentialDecay", {"initial_learning_rate": 0.05, "decay_steps": 10, "decay_rate": 0.96}, [[5, 0.05 * 0.96**0.5]]),
        case("staircase", "ExponentialDecay", stairs, [[1, 0.1], [2, 0.1], [100, 0.1 * 0.96**33]]),
        case(
            "boundaries", "PiecewiseConstantDecay", {"boundaries": [100, 110, 120], "values": [1.0, 0.1, 0.01, 0.001]},
            [[-999, 1.0], [100, 1.0], [105, 0.1], [110, 0.1], [120, 0.01], [999, 0.001]],
        ),
        case("linear", "PolynomialDecay", polynomial, [[5, 0.0255], [10, 0.001], [15, 0.001]]),
        case("square root", "PolynomialDecay", {**polynomial, "power": 0.5}, [[5, 0.049 * 0.5**0.5 + 0.001]]),
        case("cycle", "PolynomialDecay", {**polynomial, "cycle": True}, [[0, 0.05], [5, 0.0255], [10, 0.001], [15, 0.01325]]),
        case("hyperbolic", "InverseTimeDecay", inverse, [[s, 0.1 / (1 + 0.96 * s / 10)] for s in range(11)]),
        case("staircase", "InverseTimeDecay", {**inverse, "staircase": True}, [[s, 0.1 / (1 + 0.96 * (s // 10))] for s in range(11)]),
        case("plain", "CosineDecay", cosine, [[s, half_cosine(min(s, 1000) / 1000)] for s in quarters]),
        case("alpha", "CosineDecay", {**cosine, "alpha": 0.1}, [[s, 0.9 * half_cosine(min(s, 1000) / 1000) + 0.1] for s in quarters]),
        case(
            "warmup over 1500", "CosineDecay",
            {"initial_learning_rate": 0.0, "decay_steps": 1000, "warmup_target": 10.0, "warmup_steps": 1500},
            [[s, warm(s, 1500)] for s in range(0, 3000, 250)],
        ),
        case(
            "warmup over 2000", "CosineDecay",
            {"initial_learning_rate": 0.0, "decay_steps": 1000, "warmup_target": 10.0, "warmup_steps": 2000},
            [[s, warm(s, 2000)] for s in range(0, 3250, 250)],
        ),
        case("plain", "CosineDecayRestarts", restarts, [[s, half_cosine(p)] for s, _, p in twice]),
        case("alpha", "CosineDecayRestarts", {**restarts, "alpha": 0.1}, [[s, 0.9 * half_cosine(p) + 0.1] for s, _, p in twice]),
        case("m_mul", "CosineDecayRestarts", {**restarts, "m_mul": 0.9}, [[s, 0.9**i * half_cosine(p)] for s, i, p in twice]),
        case("t_mul 1", "CosineDecayRestarts", {**restarts, "t_mul": 1.0}, [[s, half_cosine((s % 1000) / 1000)] for s in ones]),
    ]
