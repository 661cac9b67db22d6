"""LossScaleOptimizer round several inner optimizers; the growth interval is short, so that the scale moves both ways."""

from cases import learning_rates as rates


def _case(name, inner, config, stream="overflow", **own):
    config = {"inner_optimizer": {"class_name": inner, "config": config}, **own}
    return {"id": name, "config": config, "stream": stream}


LOSS_SCALE_CASES = [
    _case("defaults round SGD", "SGD", {"learning_rate": 5.0}),
    _case("initial_scale", "SGD", {"learning_rate": 0.05, "momentum": 0.9}, initial_scale=64.0),
    _case("grows often", "SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}, initial_scale=64.0, dynamic_growth_steps=4),
    _case("grows every step", "Adagrad", {"learning_rate": 0.1}, initial_scale=1.0, dynamic_growth_steps=1),
    _case("Adam amsgrad", "Adam", {"learning_rate": 0.02, "amsgrad": True}, initial_scale=128.0, dynamic_growth_steps=5),
    _case("AdamW", "AdamW", {"learning_rate": 0.02, "weight_decay": 0.1}, initial_scale=32.0, dynamic_growth_steps=3),
    _case("RMSprop centered", "RMSprop", {"learning_rate": 0.01, "centered": True, "momentum": 0.5}, initial_scale=16.0, dynamic_growth_steps=6),
    _case("Nadam", "Nadam", {"learning_rate": 0.02}, initial_scale=64.0, dynamic_growth_steps=4),
    _case("Lion", "Lion", {"learning_rate": 0.01}, initial_scale=64.0, dynamic_growth_steps=4),
    _case("Adafactor", "Adafactor", {"learning_rate": 0.02}, initial_scale=64.0, dynamic_growth_steps=7),
    _case("Lamb", "Lamb", {"learning_rate": 0.01}, initial_scale=64.0, dynamic_growth_steps=4),
    _case("ScheduleFreeAdamW", "ScheduleFreeAdamW", {"learning_rate": 0.02}, initial_scale=64.0, dynamic_growth_steps=4),
    _case(
        "clipnorm + weight_decay + use_ema inside",
        "Adam",
        {"learning_rate": 0.02, "clipnorm": 0.3, "weight_decay": 0.05, "use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 6},
        initial_scale=64.0,
        dynamic_growth_steps=4,
    ),
    _case(
        "schedule + global_clipnorm + gradient_accumulation_steps inside",
        "SGD",
        {"learning_rate": rates.restarts(0.2), "momentum": 0.9, "global_clipnorm": 0.5, "gradient_accumulation_steps": 3},
        initial_scale=64.0,
        dynamic_growth_steps=4,
    ),
    _case(
        "loss_scale_factor inside is cleared",
        "SGD",
        {"learning_rate": 0.1, "loss_scale_factor": 1024.0},
        initial_scale=64.0,
        dynamic_growth_steps=10,
    ),
    _case("gaps", "Adam", {"learning_rate": 0.02}, stream="gaps", initial_scale=0.5, dynamic_growth_steps=8),
]
