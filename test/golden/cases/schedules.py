"""Schedule cases: every class, its arguments off their defaults, at the steps where a formula turns."""

# Steps beyond 2^24 are not whole in float32; Keras rounds them all the same.
FAR = [1_000_003, 16_777_217]


def _around(*marks):
    """Each mark with its neighbours."""
    return sorted({step for mark in marks for step in (mark - 1, mark, mark + 1)})


def _case(name, class_name, steps, **config):
    return {"id": f"{class_name}: {name}", "class_name": class_name, "config": config, "steps": sorted({int(s) for s in steps})}


def _decays(class_name, decay, far=True):
    """ExponentialDecay and InverseTimeDecay share their arguments."""
    marks = [0, 1, 2, 5, *_around(10, 20, 30, 100)]
    tail = FAR if far else []
    base = {"initial_learning_rate": 0.05, "decay_steps": 10}
    for rate in decay:
        yield _case(f"decay_rate {rate}", class_name, [-7, *marks, *tail], **base, decay_rate=rate)
        yield _case(f"decay_rate {rate}, staircase", class_name, [-7, *marks, *tail], **base, decay_rate=rate, staircase=True)
    yield _case("decay_steps 1", class_name, [0, 1, 2, 3, 50], initial_learning_rate=1.0, decay_steps=1, decay_rate=0.9)
    yield _case("long", class_name, _around(0, 9999, 10000, 20000, 100000), initial_learning_rate=1e-2, decay_steps=10000, decay_rate=0.9)
    yield _case("growing", class_name, marks, initial_learning_rate=1e-4, decay_steps=50, decay_rate=1.1)
    yield _case(
        "fractional decay_steps, staircase", class_name, _around(0, 3, 7, 10, 14, 70),
        initial_learning_rate=0.3, decay_steps=3.5, decay_rate=0.8, staircase=True,
    )


def _piecewise():
    upstream = [-999, *_around(0, 100, 110, 120), 105, 999, *FAR]
    kind = "PiecewiseConstantDecay"
    yield _case("three boundaries", kind, upstream, boundaries=[100, 110, 120], values=[1.0, 0.1, 0.01, 0.001])
    yield _case("one boundary", kind, [-1, *_around(7), 1000], boundaries=[7], values=[0.5, 0.25])
    yield _case("boundary at 0", kind, [-5, *_around(0, 3)], boundaries=[0, 3], values=[0.9, 0.3, 0.7])
    yield _case("negative boundary", kind, _around(-10, 0, 10), boundaries=[-10, 10], values=[0.1, 0.2, 0.4])
    # Boundaries are cast to the type of the step, which is an int: 1.5 becomes 1.
    yield _case("fractional boundaries", kind, _around(0, 1, 2, 4, 5), boundaries=[1.5, 4.9], values=[1.0, 0.5, 0.25])
    yield _case("rates that rise", kind, _around(2, 4, 8, 16), boundaries=[2, 4, 8, 16], values=[1e-5, 1e-4, 1e-3, 1e-2, 0.1])


def _polynomial():
    kind = "PolynomialDecay"
    base = {"initial_learning_rate": 0.05, "decay_steps": 10, "end_learning_rate": 0.001}
    steps = [-3, 0, 1, 5, *_around(10, 15, 20, 21, 30, 100), *FAR]
    for power in (1.0, 0.5, 2.0, 3.3):
        yield _case(f"power {power}", kind, steps, **base, power=power)
        # Far steps in a cycle are a difference of near equals: 1 - s / (D * ceil(s / D)).
        yield _case(f"power {power}, cycle", kind, [s for s in steps if 0 <= s < 1000], **base, power=power, cycle=True)
    yield _case("default end", kind, _around(0, 50, 100), initial_learning_rate=0.1, decay_steps=100)
    yield _case("end 0", kind, _around(0, 3, 7), initial_learning_rate=0.1, decay_steps=7, end_learning_rate=0.0)
    yield _case("end above the start", kind, _around(0, 8, 16), initial_learning_rate=0.01, decay_steps=8, end_learning_rate=0.2, power=1.5)
    yield _case("decay_steps 1, cycle", kind, [0, 1, 2, 3, 9], initial_learning_rate=0.1, decay_steps=1, cycle=True)


def _cosine():
    kind = "CosineDecay"
    upstream = [0, 250, 500, 750, 1000, 1250]
    steps = [*upstream, *_around(1, 500, 1000, 2000), *FAR]
    yield _case("plain", kind, [-10, *steps], initial_learning_rate=1.0, decay_steps=1000)
    yield _case("alpha", kind, steps, initial_learning_rate=1.0, decay_steps=1000, alpha=0.1)
    yield _case("alpha 1", kind, steps, initial_learning_rate=0.3, decay_steps=1000, alpha=1.0)
    yield _case("warmup_steps without a target", kind, steps, initial_learning_rate=0.2, decay_steps=1000, warmup_steps=300)
    for start, warm in ((0.0, 1500), (1.0, 2000), (0.01, 1), (20.0, 100)):
        marks = _around(0, warm // 2, warm, warm + 250, warm + 500, warm + 1000, warm + 2000)
        yield _case(
            f"warmup from {start} in {warm}", kind, [s for s in marks if s >= 0], initial_learning_rate=start,
            decay_steps=1000, alpha=0.05 if warm == 100 else 0.0, warmup_target=10.0, warmup_steps=warm,
        )
    yield _case("warmup in 0 steps", kind, _around(1, 50, 100, 150), initial_learning_rate=0.0, decay_steps=100, warmup_target=0.5, warmup_steps=0)
    yield _case("decay_steps 1", kind, [0, 1, 2], initial_learning_rate=0.1, decay_steps=1)


def restart_boundaries(first, growth, count):
    """Starts of the periods after the first, for a whole-number growth."""
    marks, period = [first], first
    while len(marks) < count:
        period *= growth
        marks.append(marks[-1] + period)
    return marks


def _restarts():
    kind = "CosineDecayRestarts"
    for first in (1000, 12, 7):
        for growth in (1.0, 2.0, 3.0, 5.0, 7.0, 10.0):
            marks = restart_boundaries(first, int(growth), 5)
            yield _case(
                f"first {first}, t_mul {growth}", kind, [0, 1, first // 2, *_around(*marks)],
                initial_learning_rate=1.0, first_decay_steps=first, t_mul=growth,
            )
    base = {"initial_learning_rate": 1.0, "first_decay_steps": 1000}
    steps = [0, 250, 500, 750, *_around(1000, 2000, 3000, 7000), 1250, 2500, 5000]
    yield _case("upstream plain", kind, steps, **base)
    yield _case("alpha", kind, steps, **base, alpha=0.1)
    yield _case("m_mul", kind, steps, **base, m_mul=0.9)
    yield _case("m_mul and alpha", kind, steps, **base, m_mul=0.5, alpha=0.2)
    yield _case("t_mul 1, m_mul", kind, steps, **base, t_mul=1.0, m_mul=0.9, alpha=0.05)
    yield _case("t_mul 1.5", kind, [0, 1, *_around(100, 250, 475)], initial_learning_rate=0.4, first_decay_steps=100, t_mul=1.5, m_mul=0.7)


def _beyond_keras():
    kind = "WarmupStableDecay"
    for cooldown in ("cosine", "linear", "1-sqrt", "1-square"):
        steps = [0, 1, 50, *_around(100, 1500), 700, 1510, 1750, 1990, *_around(2000), 5000, FAR[0]]
        yield _case(
            cooldown, kind, steps, peak_learning_rate=0.3, warmup_steps=100, stable_steps=1400, decay_steps=500, cooldown=cooldown
        )
        yield _case(
            f"{cooldown}, no warm-up, no plateau", kind, [0, 1, 2, 3, 6, 7, 8], peak_learning_rate=1.0, warmup_steps=0,
            stable_steps=0, decay_steps=7, cooldown=cooldown,
        )
    yield _case("one step each", kind, [0, 1, 2, 3, 4], peak_learning_rate=0.01, warmup_steps=1, stable_steps=1, decay_steps=1)
    for warm in (1, 7, 4000):
        yield _case(f"warmup {warm}", "InverseSqrt", [0, 1, 3, *_around(warm), 4 * warm, 9999, *FAR], initial_learning_rate=0.05, warmup_steps=warm)
    for total in (1, 30, 1000):
        steps = [0, 1, 2, total // 3, total // 2, max(0, total - 1), total, total + 1, *FAR]
        yield _case(f"total {total}", "REX", steps, initial_learning_rate=0.2, total_steps=total)
    for strategy in ("cos", "linear"):
        for three in (False, True):
            yield _case(
                f"{strategy}{', three phases' if three else ''}", "OneCycle", [0, 1, 60, *_around(119, 238), 700, 998, 999],
                max_learning_rate=0.3, total_steps=1000, pct_start=0.12, anneal_strategy=strategy, div_factor=10.0, final_div_factor=100.0,
                three_phase=three,
            )
            # docs/schedules.md: the momentum of torch's OneCycleLR, by a second OneCycle.
            cycle = _case(
                f"momentum, {strategy}{', three phases' if three else ''}", "OneCycle", [0, 1, 60, *_around(119, 238), 700, 998, 999],
                max_learning_rate=0.85, total_steps=1000, pct_start=0.12, anneal_strategy=strategy, div_factor=0.85 / 0.95,
                final_div_factor=1.0, three_phase=three,
            )
            yield {**cycle, "moves": {"momentum": [0.85, 0.95]}}
        yield _case(f"{strategy}, default ends", "OneCycle", range(20), max_learning_rate=1.0, total_steps=20, anneal_strategy=strategy)
        yield _case(f"{strategy}, no way up", "OneCycle", range(8), max_learning_rate=1.0, total_steps=8, pct_start=0.0, anneal_strategy=strategy)
        yield _case(f"{strategy}, only up", "OneCycle", range(8), max_learning_rate=1.0, total_steps=8, pct_start=1.0, anneal_strategy=strategy)
    for mode in ("triangular", "triangular2", "exp_range"):
        base = {"base_learning_rate": 0.01, "max_learning_rate": 0.2, "mode": mode, "gamma": 0.998}
        yield _case(mode, "Cyclic", [0, 1, 5, *_around(10, 20, 30, 40, 90), 999], **base, step_size_up=10)
        yield _case(f"{mode}, long way down", "Cyclic", [0, 1, *_around(7, 30, 37, 60), 999], **base, step_size_up=7, step_size_down=23)
    yield _case("default steps", "Cyclic", [0, 1000, 2000, 3000, 4001], base_learning_rate=0.1, max_learning_rate=0.05)
    yield _case("down", "Linear", [0, 1, 50, *_around(100), *FAR], initial_learning_rate=0.3, total_steps=100)
    yield _case("up", "Linear", [0, 1, 3, *_around(7), 1000], initial_learning_rate=0.01, total_steps=7, end_learning_rate=0.4)
    yield _case("plain", "Constant", [0, 1, *FAR], learning_rate=0.3)
    cosine = {"class_name": "CosineDecay", "config": {"initial_learning_rate": 0.2, "decay_steps": 50}}
    straight = {"class_name": "Linear", "config": {"initial_learning_rate": 0.1, "total_steps": 40, "end_learning_rate": 0.02}}
    for inner, name in ((cosine, "cosine"), (straight, "line"), (0.2, "a number")):
        yield _case(f"before {name}", "LinearWarmup", [0, 1, *_around(10), 35, 59, 60, 61, 500], inner=inner, warmup_steps=10)
    warm = {"class_name": "LinearWarmup", "config": {"inner": straight, "warmup_steps": 5}}
    yield _case(
        "four parts", "SequentialSchedule", [0, 1, *_around(20, 70, 90), 80, 140, 500],
        schedules=[0.05, cosine, 0.03, warm], boundaries=[20, 70, 90],
    )
    yield _case("one part", "SequentialSchedule", [0, 1, 49, 50, 60], schedules=[cosine], boundaries=[])


def schedule_cases():
    return [
        *_decays("ExponentialDecay", (0.96, 0.5)),
        # Keras's own check of the staircase: 0.1 * 0.96^33 at step 100.
        _case("upstream staircase", "ExponentialDecay", [1, 2, 100], initial_learning_rate=0.1, decay_steps=3, decay_rate=0.96, staircase=True),
        *_decays("InverseTimeDecay", (0.96, 0.5)),
        _case("upstream", "InverseTimeDecay", range(11), initial_learning_rate=0.1, decay_steps=10, decay_rate=0.96),
        _case("upstream staircase", "InverseTimeDecay", range(11), initial_learning_rate=0.1, decay_steps=10, decay_rate=0.96, staircase=True),
        *_piecewise(),
        *_polynomial(),
        *_cosine(),
        *_restarts(),
        *_beyond_keras(),
    ]
