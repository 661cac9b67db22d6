"""The runs: which model, optimizer and options. 320 rows in batches of 32, 5 epochs, unless a run says otherwise."""

BASE = {"model": "mlp", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"], "rows": 320, "batch_size": 32, "epochs": 5}


def _schedule(class_name, **config):
    return {"class_name": class_name, "config": config}


def run(name, optimizer, arguments, **options):
    return {**BASE, "id": name, "optimizer": {"class_name": optimizer, "config": arguments}, **options}


# A rate that learns in 50 steps: for the MLP and for the CNN. Some weights of the CNN have gradients near 1e-8, all rounding, which
# Adam would blow up to whole steps: there epsilon is above that. Clipped further than in OPTIONS, gradients would do the same.
OPTIMIZERS = [
    ("SGD", {"learning_rate": 0.1}, {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    ("RMSprop", {"learning_rate": 0.003}, {"learning_rate": 0.002, "momentum": 0.5, "centered": True}),
    ("Adam", {"learning_rate": 0.005}, {"learning_rate": 0.005, "amsgrad": True, "epsilon": 1e-5}),
    ("AdamW", {"learning_rate": 0.005, "weight_decay": 0.02}, {"learning_rate": 0.005, "epsilon": 1e-5}),
    ("Adadelta", {"learning_rate": 1.0}, {"learning_rate": 2.0, "rho": 0.9}),
    ("Adagrad", {"learning_rate": 0.05}, {"learning_rate": 0.05, "initial_accumulator_value": 0.05}),
    ("Adamax", {"learning_rate": 0.01}, {"learning_rate": 0.01}),
    ("Adafactor", {"learning_rate": 0.05, "relative_step": False}, {"learning_rate": 0.05}),
    ("Nadam", {"learning_rate": 0.005}, {"learning_rate": 0.005}),
    ("Ftrl", {"learning_rate": 0.1}, {"learning_rate": 0.1, "l2_regularization_strength": 0.01}),
    ("Lion", {"learning_rate": 0.001}, {"learning_rate": 0.001}),
    ("Lamb", {"learning_rate": 0.02}, {"learning_rate": 0.02}),
    ("Muon", {"learning_rate": 0.01}, {"learning_rate": 0.01}),
    ("ScheduleFreeAdamW", {"learning_rate": 0.01, "warmup_steps": 10}, {"learning_rate": 0.01, "warmup_steps": 5}),
    (
        "LossScaleOptimizer",
        {"inner_optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.005}}, "initial_scale": 256.0, "dynamic_growth_steps": 10},
        {"inner_optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.1, "momentum": 0.9}}, "initial_scale": 1024.0},
    ),
]

OPTIONS = [
    ("weight_decay", {"weight_decay": 0.02}),
    ("clipnorm", {"clipnorm": 0.3}),
    ("clipvalue", {"clipvalue": 0.03}),
    ("global_clipnorm", {"global_clipnorm": 0.5}),
    ("use_ema", {"use_ema": True, "ema_momentum": 0.9}),
    ("use_ema + ema_overwrite_frequency", {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 7}),
    ("gradient_accumulation_steps", {"gradient_accumulation_steps": 4}),
    ("loss_scale_factor", {"loss_scale_factor": 128.0}),
    (
        "clipnorm + weight_decay + use_ema + loss_scale_factor + gradient_accumulation_steps",
        {
            "clipnorm": 0.4, "weight_decay": 0.01, "use_ema": True, "ema_momentum": 0.9, "loss_scale_factor": 16.0,
            "gradient_accumulation_steps": 2,
        },
    ),
]

SCHEDULES = [
    _schedule("ExponentialDecay", initial_learning_rate=0.02, decay_steps=15, decay_rate=0.5),
    _schedule("ExponentialDecay", initial_learning_rate=0.02, decay_steps=15, decay_rate=0.5, staircase=True),
    _schedule("PiecewiseConstantDecay", boundaries=[10, 30], values=[0.02, 0.005, 0.001]),
    _schedule("PolynomialDecay", initial_learning_rate=0.02, decay_steps=30, end_learning_rate=0.001, power=2.0),
    _schedule("InverseTimeDecay", initial_learning_rate=0.02, decay_steps=10, decay_rate=0.7),
    _schedule("CosineDecay", initial_learning_rate=0.001, decay_steps=40, alpha=0.1, warmup_target=0.02, warmup_steps=10),
    _schedule("CosineDecayRestarts", initial_learning_rate=0.02, first_decay_steps=15, t_mul=1.5, m_mul=0.8),
]

ADAM = {"learning_rate": 0.005}
SGD = {"learning_rate": 0.1, "momentum": 0.9}
WEIGHTS = {str(label): weight for label, weight in enumerate([1.0, 2.0, 0.5, 1.0, 3.0, 0.0, 1.0, 1.5, 0.7])}


def _optimizer_runs():
    for name, on_mlp, on_cnn in OPTIMIZERS:
        # Some pixels are 0 in every row, and Keras's Adafactor computes 0/0 there (see ../README.md).
        yield run(f"{name}, MLP", name, on_mlp, **({"inputs": "bright"} if name == "Adafactor" else {}))
        yield run(f"{name}, CNN", name, on_cnn, model="cnn")
    for name, arguments in OPTIONS:
        yield run(f"Adam, {name}", "Adam", {**ADAM, **arguments})
        yield run(f"SGD, {name}", "SGD", {**SGD, **arguments})
    for schedule in SCHEDULES:
        stairs = ", staircase" if schedule["config"].get("staircase") else ""
        yield run(f"Adam, {schedule['class_name']}{stairs}", "Adam", {"learning_rate": schedule})


def _model_runs():
    two = {"model": "two inputs", "loss": ["sparse_categorical_crossentropy", "binary_crossentropy"], "metrics": [["accuracy"], ["accuracy", "mae"]]}
    smooth = {"class_name": "CategoricalCrossentropy", "config": {"from_logits": True, "label_smoothing": 0.1}}
    logits = {"class_name": "SparseCategoricalCrossentropy", "config": {"from_logits": True}}
    yield run("BatchNormalization", "Adam", ADAM, model="norm mlp")
    yield run("BatchNormalization, short last batch", "SGD", SGD, model="norm mlp", rows=300, validation_rows=60)
    yield run("regularizers and constraints", "Adam", ADAM, model="regular mlp")
    yield run("regularizers and constraints, SGD, validation_split", "SGD", SGD, model="regular mlp", validation_split=0.2)
    yield run("sample_weight", "Adam", ADAM, sample_weight=True, weighted_metrics=["accuracy", "sparse_categorical_crossentropy"])
    yield run("class_weight", "Adam", ADAM, class_weight=WEIGHTS, weighted_metrics=["accuracy"])
    yield run("class_weight, one hot", "SGD", SGD, model="logits mlp", loss=smooth, class_weight=WEIGHTS)
    yield run("validation_split", "Adam", ADAM, validation_split=0.25)
    yield run("validation_split, uneven, batch 50", "Adam", ADAM, validation_split=0.3, batch_size=50)
    yield run("validation_data", "Adam", ADAM, validation_rows=80)
    yield run("validation_data, use_ema", "Adam", {**ADAM, "use_ema": True, "ema_momentum": 0.9}, validation_rows=80)
    yield run("ScheduleFreeAdamW, validation_data", "ScheduleFreeAdamW", {"learning_rate": 0.01}, validation_rows=80)
    yield run("label smoothing from logits", "Adam", ADAM, model="logits mlp", loss=smooth)
    yield run("two inputs, two outputs", "Adam", ADAM, **two)
    yield run("two inputs, two outputs, loss_weights", "Adam", ADAM, **two, loss_weights=[0.3, 2.0], validation_rows=80)
    yield run("embedding", "Adam", {"learning_rate": 0.02}, model="embedding")
    yield run("embedding, SGD", "SGD", {"learning_rate": 0.5}, model="embedding")
    yield run("residual", "Adam", ADAM, model="residual", loss=logits)
    yield run("residual, SGD, validation_data", "SGD", {"learning_rate": 0.05, "momentum": 0.9}, model="residual", loss=logits, validation_rows=80)
    binary = {"model": "parity", "loss": "binary_crossentropy"}
    yield run("binary", "Adam", ADAM, **binary, metrics=["acc", "AUC", "Precision", "Recall"])
    yield run("hinge", "SGD", {"learning_rate": 0.05}, model="parity", loss="hinge", metrics=["mae"])
    yield run("regression", "Adam", ADAM, model="number", loss="mse", metrics=["mae", "RootMeanSquaredError", "mse"])
    yield run("regression, huber", "RMSprop", {"learning_rate": 0.002}, model="number", loss={"class_name": "Huber", "config": {"delta": 0.2}}, metrics=["mae"])


RUNS = [*_optimizer_runs(), *_model_runs()]
