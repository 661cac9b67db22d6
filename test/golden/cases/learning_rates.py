"""Schedules used as learning rates in optimizer cases. All change within 100 steps."""


def exponential(rate):
    return _schedule("ExponentialDecay", initial_learning_rate=rate, decay_steps=20, decay_rate=0.7)


def staircase(rate):
    return _schedule(
        "ExponentialDecay", initial_learning_rate=rate, decay_steps=15, decay_rate=0.6, staircase=True
    )


def piecewise(rate):
    return _schedule("PiecewiseConstantDecay", boundaries=[10, 40, 75], values=[rate, rate / 2, rate / 8, rate / 3])


def polynomial(rate):
    return _schedule(
        "PolynomialDecay", initial_learning_rate=rate, decay_steps=30, end_learning_rate=rate / 10, power=2.0, cycle=True
    )


def inverse_time(rate):
    return _schedule("InverseTimeDecay", initial_learning_rate=rate, decay_steps=10, decay_rate=0.5)


def cosine(rate):
    return _schedule("CosineDecay", initial_learning_rate=rate, decay_steps=80, alpha=0.1)


def warmup(rate):
    return _schedule(
        "CosineDecay",
        initial_learning_rate=rate / 20,
        decay_steps=60,
        alpha=0.05,
        warmup_target=rate,
        warmup_steps=15,
    )


def restarts(rate):
    return _schedule(
        "CosineDecayRestarts", initial_learning_rate=rate, first_decay_steps=12, t_mul=2.0, m_mul=0.8, alpha=0.05
    )


def _schedule(class_name, **config):
    return {"class_name": class_name, "config": config}
