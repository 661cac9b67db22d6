"""THE table of optimizers. Adding one costs one row: file, class, a rate that moves weights in 100 steps, own arguments.

`lively` holds arguments used with every base option, so that the rule's slots take part. `own` lists
(arguments off their default, stream); the id is made of the arguments. `without` names base cases that no float32 can follow.
"""

from cases import learning_rates as rates

TABLE = [
    {
        "file": "sgd.json", "class": "SGD", "rate": 0.02, "schedule": rates.restarts, "lively": {"momentum": 0.9},
        "own": [
            ({"momentum": 0.9}, "plain"),
            ({"momentum": 0.8, "nesterov": True}, "compact"),
            ({"nesterov": True}, "wide"),
            ({"learning_rate": 0.2}, "gaps"),
            ({"learning_rate": 0.05, "momentum": 0.5, "weight_decay": 0.1, "nesterov": True}, "sparse"),
        ],
    },
    {
        "file": "rmsprop.json", "class": "RMSprop", "rate": 0.01, "schedule": rates.exponential,
        "own": [
            ({"rho": 0.7, "learning_rate": 0.01}, "compact"),
            ({"momentum": 0.9}, "plain"),
            ({"centered": True}, "plain"),
            ({"epsilon": 1e-3}, "sparse"),
            ({"learning_rate": 0.004, "momentum": 0.6, "centered": True, "rho": 0.95}, "gaps"),
            ({"momentum": 0.5, "centered": True, "epsilon": 1e-4}, "wide"),
        ],
    },
    {
        "file": "adam.json", "class": "Adam", "rate": 0.02, "schedule": rates.warmup,
        "own": [
            ({"beta_1": 0.7}, "plain"),
            ({"beta_2": 0.95}, "compact"),
            ({"epsilon": 1e-2}, "sparse"),
            ({"amsgrad": True}, "wide"),
            ({"learning_rate": 0.03, "amsgrad": True, "beta_1": 0.8, "beta_2": 0.9}, "gaps"),
            ({"learning_rate": 0.02, "amsgrad": True, "clipnorm": 0.5}, "large"),
        ],
    },
    {
        "file": "adamw.json", "class": "AdamW", "rate": 0.02, "schedule": rates.staircase,
        "own": [
            ({"weight_decay": 0.2, "learning_rate": 0.01}, "plain"),
            ({"beta_1": 0.5, "beta_2": 0.9}, "compact"),
            ({"epsilon": 1e-3}, "sparse"),
            ({"amsgrad": True, "learning_rate": 0.01}, "wide"),
        ],
    },
    {
        "file": "adadelta.json", "class": "Adadelta", "rate": 1.0, "schedule": rates.polynomial,
        "own": [
            ({"rho": 0.8, "learning_rate": 1.0}, "plain"),
            ({"epsilon": 1e-4, "learning_rate": 0.5}, "compact"),
        ],
    },
    {
        "file": "adagrad.json", "class": "Adagrad", "rate": 0.1, "schedule": rates.inverse_time,
        "own": [
            ({"initial_accumulator_value": 0.5, "learning_rate": 0.1}, "plain"),
            ({"initial_accumulator_value": 0.0, "epsilon": 1e-3, "learning_rate": 0.05}, "sparse"),
            ({"epsilon": 1e-2, "learning_rate": 0.1}, "compact"),
        ],
    },
    {
        "file": "adamax.json", "class": "Adamax", "rate": 0.02, "schedule": rates.cosine,
        "own": [
            ({"beta_1": 0.6, "learning_rate": 0.02}, "plain"),
            ({"beta_2": 0.9}, "wide"),
            ({"epsilon": 1e-2, "beta_2": 0.95}, "sparse"),
        ],
    },
    {
        "file": "adafactor.json", "class": "Adafactor", "rate": 0.02, "schedule": rates.warmup,
        "own": [
            ({"beta_2_decay": -0.5, "learning_rate": 0.02}, "plain"),
            ({"epsilon_1": 1e-4, "learning_rate": 0.02}, "sparse"),
            ({"epsilon_2": 0.5}, "compact"),
            ({"clip_threshold": 0.3, "learning_rate": 0.02}, "wide"),
            ({"relative_step": False, "learning_rate": 0.12}, "large"),
        ],
    },
    {
        "file": "nadam.json", "class": "Nadam", "rate": 0.02, "schedule": rates.piecewise,
        "own": [
            ({"beta_1": 0.7}, "plain"),
            ({"beta_2": 0.9, "learning_rate": 0.02}, "compact"),
            ({"epsilon": 1e-2}, "sparse"),
        ],
    },
    {
        "file": "ftrl.json", "class": "Ftrl", "rate": 0.1, "schedule": rates.exponential,
        "own": [
            ({"learning_rate_power": -0.3, "learning_rate": 0.1}, "plain"),
            ({"learning_rate_power": 0.0, "learning_rate": 0.1}, "compact"),
            ({"initial_accumulator_value": 0.0, "learning_rate": 0.1}, "compact"),
            ({"l1_regularization_strength": 0.3, "learning_rate": 0.1}, "sparse"),
            ({"l2_regularization_strength": 0.5, "learning_rate": 0.1}, "gaps"),
            ({"l2_shrinkage_regularization_strength": 0.1, "learning_rate": 0.1}, "compact"),
            ({"beta": 0.5, "learning_rate": 0.1}, "compact"),
            (
                {
                    "learning_rate": 0.05, "learning_rate_power": -0.2, "initial_accumulator_value": 0.4,
                    "l1_regularization_strength": 0.05, "l2_regularization_strength": 0.15,
                    "l2_shrinkage_regularization_strength": 0.01, "beta": 0.3,
                },
                "plain",
            ),
        ],
    },
    {
        "file": "lion.json", "class": "Lion", "rate": 0.01, "schedule": rates.cosine,
        "own": [
            ({"beta_1": 0.6, "learning_rate": 0.01}, "plain"),
            ({"beta_1": 1.0}, "gaps"),
            ({"beta_2": 0.8, "learning_rate": 0.01}, "compact"),
        ],
    },
    {
        "file": "lamb.json", "class": "Lamb", "rate": 0.01, "schedule": rates.polynomial,
        "own": [
            ({"beta_1": 0.7, "learning_rate": 0.01}, "plain"),
            ({"beta_2": 0.9}, "compact"),
            ({"epsilon": 1e-2, "learning_rate": 0.01}, "sparse"),
        ],
    },
    {
        "file": "muon.json", "class": "Muon", "rate": 0.02, "schedule": rates.piecewise,
        "own": [
            ({"adam_beta_1": 0.7, "adam_beta_2": 0.9}, "compact"),
            ({"adam_weight_decay": 0.2, "weight_decay": 0.05, "learning_rate": 0.02}, "compact"),
            ({"adam_weight_decay": None, "weight_decay": None}, "compact"),
            ({"epsilon": 1e-2}, "compact"),
            ({"exclude_layers": ["^wide", "nothing"], "learning_rate": 0.02}, "plain"),
            ({"exclude_embeddings": False, "learning_rate": 0.02}, "plain"),
            ({"muon_a": 3.0, "muon_b": -3.5, "muon_c": 1.5}, "compact"),
            ({"adam_lr_ratio": 0.3, "learning_rate": 0.02}, "compact"),
            ({"momentum": 0.8}, "compact"),
            ({"nesterov": False}, "compact"),
            ({"ns_steps": 2}, "compact"),
            ({"rms_rate": None, "learning_rate": 0.02}, "gaps"),
            ({"rms_rate": 0.5}, "sparse"),
        ],
    },
    {
        "file": "schedule-free-adamw.json", "class": "ScheduleFreeAdamW", "rate": 0.02, "schedule": rates.inverse_time,
        "own": [
            ({"beta_1": 0.7, "learning_rate": 0.02}, "plain"),
            ({"beta_2": 0.9}, "compact"),
            ({"epsilon": 1e-3}, "sparse"),
            ({"warmup_steps": 20, "learning_rate": 0.02}, "plain"),
        ],
    },
    # Beyond Keras: rates that leave weights of their size, since these are compared with packages in float64.
    {
        "file": "radam.json", "class": "RAdam", "rate": 0.01, "schedule": rates.cosine,
        "own": [
            ({"beta_1": 0.7}, "plain"),
            ({"beta_2": 0.9, "learning_rate": 0.01}, "compact"),
            ({"epsilon": 1e-2, "beta_2": 0.99, "learning_rate": 0.01}, "sparse"),
        ],
    },
    {
        "file": "nadamw.json", "class": "NAdamW", "rate": 0.01, "schedule": rates.piecewise,
        "own": [
            ({"beta_1": 0.7, "learning_rate": 0.01}, "plain"),
            ({"beta_2": 0.9, "weight_decay": None}, "compact"),
            ({"epsilon": 1e-2, "learning_rate": 0.01}, "sparse"),
        ],
    },
    {
        "file": "adabelief.json", "class": "AdaBelief", "rate": 0.004, "schedule": rates.warmup,
        "own": [
            ({"beta_1": 0.7}, "plain"),
            ({"beta_2": 0.9, "learning_rate": 0.01}, "compact"),
            ({"epsilon": 1e-3, "learning_rate": 0.01}, "sparse"),
        ],
    },
    {
        "file": "yogi.json", "class": "Yogi", "rate": 0.01, "schedule": rates.inverse_time,
        "own": [
            ({"beta_1": 0.7}, "plain"),
            ({"beta_2": 0.9, "initial_accumulator_value": 1e-2}, "compact"),
            ({"epsilon": 1e-5}, "sparse"),
        ],
    },
    {
        "file": "signum.json", "class": "Signum", "rate": 0.005, "schedule": rates.polynomial,
        "own": [
            ({"momentum": 0.5}, "plain"),
            ({"momentum": 0.0, "learning_rate": 0.005}, "compact"),
        ],
    },
    {
        "file": "adopt.json", "class": "ADOPT", "rate": 0.01, "schedule": rates.cosine,
        "own": [
            ({"beta_1": 0.7, "learning_rate": 0.01}, "plain"),
            ({"beta_2": 0.9}, "compact"),
            ({"epsilon": 1e-2, "learning_rate": 0.01}, "sparse"),
        ],
    },
    {
        "file": "ademamix.json", "class": "AdEMAMix", "rate": 0.004, "schedule": rates.piecewise,
        "own": [
            ({"beta_1": 0.7, "beta_2": 0.9}, "plain"),
            ({"beta_3": 0.99, "alpha": 2.0}, "compact"),
            ({"warmup_steps": 60}, "compact"),
            ({"epsilon": 1e-2}, "sparse"),
        ],
    },
    {
        "file": "adan.json", "class": "Adan", "rate": 0.01, "schedule": rates.exponential,
        "own": [
            ({"beta_1": 0.9, "learning_rate": 0.01}, "plain"),
            ({"beta_2": 0.7, "beta_3": 0.9}, "compact"),
            ({"epsilon": 1e-2, "learning_rate": 0.01}, "sparse"),
        ],
    },
    {
        "file": "rprop.json", "class": "Rprop", "rate": 0.01, "schedule": rates.cosine,
        "own": [
            ({"eta_minus": 0.75, "max_step_size": 0.02}, "plain"),
            ({"eta_plus": 1.5, "max_step_size": 0.05}, "compact"),
            ({"min_step_size": 1e-3, "learning_rate": 0.02}, "sparse"),
        ],
    },
    {
        "file": "stable-adamw.json", "class": "StableAdamW", "rate": 0.01, "schedule": rates.cosine,
        "own": [
            ({"beta_1": 0.7, "learning_rate": 0.01}, "plain"),
            ({"beta_2": 0.9}, "compact"),
            ({"epsilon": 1e-2, "learning_rate": 0.01}, "sparse"),
        ],
    },
    {
        "file": "lars.json", "class": "LARS", "rate": 2.0, "schedule": rates.exponential,
        "own": [
            ({"momentum": 0.5, "learning_rate": 2.0}, "plain"),
            ({"trust_coefficient": 0.01, "learning_rate": 0.5}, "compact"),
            ({"nesterov": True, "learning_rate": 2.0}, "sparse"),
        ],
    },
    {
        "file": "mars.json", "class": "MARS", "rate": 0.01, "schedule": rates.piecewise,
        "own": [
            ({"beta_1": 0.7, "beta_2": 0.9}, "plain"),
            ({"gamma": 0.2, "learning_rate": 0.01}, "compact"),
            ({"optimize_1d": True, "learning_rate": 0.01}, "compact"),
            ({"epsilon": 1e-2, "learning_rate": 0.01}, "sparse"),
        ],
    },
    {
        "file": "prodigy.json", "class": "Prodigy", "rate": 0.006, "schedule": rates.cosine, "lively": {"d0": 1.0}, "defaults": "wide",
        "own": [
            ({"beta_1": 0.7, "beta_2": 0.99, "learning_rate": 0.02, "d0": 0.5}, "plain"),
            ({"beta_3": 0.9, "d0": 1e-2, "learning_rate": 0.1}, "wide"),
            ({"epsilon": 1e-3, "d0": 1e-4, "learning_rate": 0.1}, "sparse"),
            ({"d_coef": 0.5, "learning_rate": 0.03, "d0": 0.3, "weight_decay": 0.1}, "compact"),
            ({"use_bias_correction": True, "learning_rate": 0.03, "d0": 0.3}, "large"),
        ],
    },
    {
        "file": "dadapt-adam.json", "class": "DAdaptAdam", "rate": 0.02, "schedule": rates.cosine, "lively": {"d0": 0.3}, "defaults": "wide",
        "own": [
            ({"beta_1": 0.7, "beta_2": 0.99, "learning_rate": 0.02, "d0": 0.5}, "plain"),
            ({"epsilon": 1e-3, "d0": 1e-3, "learning_rate": 0.1}, "sparse"),
            ({"learning_rate": 0.02, "d0": 0.3, "weight_decay": 0.1}, "compact"),
            ({"use_bias_correction": True, "learning_rate": 0.02, "d0": 0.3}, "large"),
        ],
    },
    {
        "file": "schedule-free-sgd.json", "class": "ScheduleFreeSGD", "rate": 0.001, "schedule": rates.warmup,
        "own": [
            ({"momentum": 0.6, "learning_rate": 0.1}, "plain"),
            ({"momentum": 1.0 - 2.0**-7, "learning_rate": 0.1}, "compact"),
            ({"warmup_steps": 7, "learning_rate": 0.1}, "sparse"),
        ],
    },
    {
        "file": "schedule-free-radam.json", "class": "ScheduleFreeRAdam", "rate": 0.05, "schedule": rates.warmup,
        "own": [
            ({"beta_1": 0.7, "learning_rate": 0.05}, "plain"),
            ({"beta_2": 0.9, "learning_rate": 0.05}, "compact"),
            ({"epsilon": 1e-2, "learning_rate": 0.05}, "sparse"),
            ({"silent_sgd_phase": False, "learning_rate": 0.05}, "compact"),
        ],
    },
    {
        "file": "soap.json", "class": "SOAP", "rate": 0.01, "schedule": rates.cosine, "without": {"wide magnitudes"},
        "own": [
            ({"beta_1": 0.7, "learning_rate": 0.01}, "plain"),
            ({"beta_2": 0.8, "learning_rate": 0.01}, "compact"),
            ({"shampoo_beta": 0.8, "learning_rate": 0.01}, "plain"),
            ({"precondition_frequency": 3, "learning_rate": 0.01}, "compact"),
            ({"max_precondition_dim": 3, "learning_rate": 0.01}, "plain"),
            ({"epsilon": 1e-2, "learning_rate": 0.01}, "sparse"),
        ],
    },
]
