"""Losses: class, arguments, kind of data. Every one is run with every reduction and with weights of several shapes."""


def row(class_name, data, **config):
    return {"class_name": class_name, "data": data, "config": config}


TABLE = [
    row("MeanSquaredError", "real"),
    row("MeanAbsoluteError", "real"),
    row("MeanAbsolutePercentageError", "real"),
    row("MeanSquaredLogarithmicError", "positive"),
    row("MeanSquaredLogarithmicError", "real"),
    row("Huber", "real"),
    row("Huber", "real", delta=0.4),
    row("LogCosh", "real"),
    row("BinaryCrossentropy", "binary"),
    row("BinaryCrossentropy", "binary", label_smoothing=0.2),
    row("BinaryCrossentropy", "binary logits", from_logits=True),
    row("BinaryCrossentropy", "binary logits", from_logits=True, label_smoothing=0.1),
    row("BinaryFocalCrossentropy", "binary"),
    row("BinaryFocalCrossentropy", "binary", apply_class_balancing=True, alpha=0.3, gamma=1.5),
    row("BinaryFocalCrossentropy", "binary logits", from_logits=True, label_smoothing=0.1),
    row("CategoricalCrossentropy", "classes"),
    row("CategoricalCrossentropy", "classes", label_smoothing=0.1),
    row("CategoricalCrossentropy", "unscaled classes"),
    row("CategoricalCrossentropy", "class logits", from_logits=True),
    row("CategoricalCrossentropy", "class logits", from_logits=True, label_smoothing=0.2),
    row("CategoricalCrossentropy", "classes on axis 1", axis=1),
    row("CategoricalCrossentropy", "class logits on axis 1", from_logits=True, axis=1),
    row("CategoricalFocalCrossentropy", "classes"),
    row("CategoricalFocalCrossentropy", "classes", alpha=0.5, gamma=1.0, label_smoothing=0.1),
    row("CategoricalFocalCrossentropy", "class logits", from_logits=True),
    row("SparseCategoricalCrossentropy", "sparse"),
    row("SparseCategoricalCrossentropy", "sparse column"),
    row("SparseCategoricalCrossentropy", "sparse logits", from_logits=True),
    row("SparseCategoricalCrossentropy", "sparse sequence logits", from_logits=True),
    row("SparseCategoricalCrossentropy", "sparse", ignore_class=2),
    row("SparseCategoricalCrossentropy", "sparse logits", from_logits=True, ignore_class=0),
    row("SparseCategoricalCrossentropy", "sparse with -1 logits", from_logits=True, ignore_class=-1),
    row("KLDivergence", "distributions"),
    row("Poisson", "positive"),
    row("Hinge", "binary real"),
    row("Hinge", "signs"),
    row("SquaredHinge", "binary real"),
    row("SquaredHinge", "signs"),
    row("CategoricalHinge", "classes"),
    row("CosineSimilarity", "real"),
    row("CosineSimilarity", "real", axis=1),
    row("Dice", "binary"),
    row("Tversky", "binary", alpha=0.3, beta=0.7),
]

# Every kind of ranks that the squeezing and expanding meets: (class, shape of y_true, shape of y_pred).
RANKS = [
    ("MeanSquaredError", [5], [5, 1]),
    ("MeanSquaredError", [5, 1], [5]),
    ("MeanSquaredError", [4, 3, 1], [4, 3]),
    ("MeanSquaredError", [4, 3], [4, 3, 1]),
    ("MeanAbsoluteError", [4, 2, 3], [4, 2, 3]),
    ("BinaryCrossentropy", [6], [6, 1]),
]

# Weights by name: their shapes for values of shape [8] (from [8, 5]); a column and one per element need values of more axes.
REDUCTIONS = ["sum_over_batch_size", "sum", "none", "mean_with_sample_weight"]

FUNCTIONS = [
    ("mean_squared_error", "real", {}),
    ("mean_absolute_error", "real", {}),
    ("mean_absolute_percentage_error", "real", {}),
    ("mean_squared_logarithmic_error", "positive", {}),
    ("huber", "real", {"delta": 0.5}),
    ("log_cosh", "real", {}),
    ("binary_crossentropy", "binary", {}),
    ("binary_crossentropy", "binary logits", {"from_logits": True, "label_smoothing": 0.1}),
    ("binary_focal_crossentropy", "binary", {"gamma": 3.0}),
    ("categorical_crossentropy", "classes", {}),
    ("categorical_crossentropy", "certain classes", {}),
    ("categorical_crossentropy", "class logits", {"from_logits": True}),
    ("categorical_focal_crossentropy", "classes", {}),
    ("sparse_categorical_crossentropy", "sparse", {}),
    ("sparse_categorical_crossentropy", "sparse logits", {"from_logits": True}),
    ("kl_divergence", "distributions", {}),
    ("poisson", "positive", {}),
    ("hinge", "binary real", {}),
    ("squared_hinge", "binary real", {}),
    ("categorical_hinge", "classes", {}),
    ("cosine_similarity", "real", {}),
]
