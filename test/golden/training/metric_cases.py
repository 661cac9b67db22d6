"""Metrics: class, arguments, kind of data, kinds of weights. Every row is a sequence of updates with a result after each."""

PLAIN = ["none"]
BOTH = ["none", "per sample"]
ALL = ["none", "per sample", "per element"]


def row(class_name, data, weights=BOTH, **config):
    return {"class_name": class_name, "data": data, "weights": weights, "config": config}


_RETRIEVAL = [
    row(name, "binary", weights, **config)
    for name in ["Precision", "Recall"]
    for config, weights in [
        ({}, ALL),
        ({"thresholds": 0.7}, BOTH),
        ({"thresholds": [0.2, 0.5, 0.9]}, ALL),
        ({"thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]}, BOTH),
        ({"class_id": 2}, BOTH),
        ({"top_k": 2}, BOTH),
        ({"top_k": 3, "class_id": 1}, PLAIN),
    ]
]
_COUNTS = [
    row(name, "binary", weights, **config)
    for name in ["TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"]
    for config, weights in [({}, BOTH), ({"thresholds": [0.3, 0.6]}, BOTH)]
]
_AREAS = [
    row("AUC", "scores", BOTH),
    row("AUC", "scores", BOTH, curve="PR"),
    row("AUC", "scores", PLAIN, num_thresholds=3),
    row("AUC", "scores", PLAIN, num_thresholds=20),
    row("AUC", "scores", PLAIN, num_thresholds=20, curve="PR"),
    row("AUC", "scores", PLAIN, summation_method="minoring"),
    row("AUC", "scores", PLAIN, summation_method="majoring"),
    row("AUC", "scores", PLAIN, curve="PR", summation_method="minoring"),
    row("AUC", "scores", BOTH, curve="PRGAIN", num_thresholds=20),
    row("AUC", "scores", PLAIN, curve="PRGAIN", summation_method="minoring"),
    row("AUC", "scores", PLAIN, thresholds=[0.1, 0.35, 0.8]),
    row("AUC", "score logits", PLAIN, from_logits=True),
    row("AUC", "binary", PLAIN),
    row("AUC", "binary", PLAIN, multi_label=True),
    row("AUC", "binary", PLAIN, multi_label=True, curve="PR", num_thresholds=50),
    row("AUC", "binary", PLAIN, multi_label=True, num_labels=4, label_weights=[1.0, 0.5, 2.0, 0.0]),
]

# Without weights: Keras rounds them to whole numbers on their way into its matrix of counts.
_UNIONS = [
    row("MeanIoU", "class pairs", PLAIN, num_classes=4),
    row("MeanIoU", "class pairs", PLAIN, num_classes=6, ignore_class=2),
    row("MeanIoU", "sparse", PLAIN, num_classes=4, sparse_y_pred=False),
    row("MeanIoU", "classes", PLAIN, num_classes=4, sparse_y_true=False, sparse_y_pred=False),
    row("MeanIoU", "class ties", PLAIN, num_classes=4, sparse_y_true=False, sparse_y_pred=False, ignore_class=1),
    row("IoU", "class pairs", PLAIN, num_classes=4, target_class_ids=[1]),
    row("IoU", "sparse sequence", PLAIN, num_classes=4, target_class_ids=[0, 3], sparse_y_pred=False),
    row("BinaryIoU", "binary", PLAIN),
    row("BinaryIoU", "scores", PLAIN, target_class_ids=[1], threshold=0.3),
    row("BinaryIoU", "scores", PLAIN, target_class_ids=[0]),
]

TABLE = [
    row("Mean", "values", ALL),
    row("Mean", "value", PLAIN),
    row("Sum", "values", ALL),
    row("Accuracy", "labels"),
    row("Accuracy", "label columns", BOTH),
    row("BinaryAccuracy", "binary", ALL),
    row("BinaryAccuracy", "binary", PLAIN, threshold=0.3),
    row("BinaryAccuracy", "scores"),
    row("CategoricalAccuracy", "classes"),
    row("CategoricalAccuracy", "class ties", PLAIN),
    row("SparseCategoricalAccuracy", "sparse"),
    row("SparseCategoricalAccuracy", "sparse column"),
    row("SparseCategoricalAccuracy", "sparse sequence", PLAIN),
    row("TopKCategoricalAccuracy", "classes", BOTH, k=2),
    row("TopKCategoricalAccuracy", "classes", PLAIN),
    row("TopKCategoricalAccuracy", "class ties", PLAIN, k=1),
    row("SparseTopKCategoricalAccuracy", "sparse", BOTH, k=3),
    row("SparseTopKCategoricalAccuracy", "sparse sequence", PLAIN, k=2),
    row("MeanSquaredError", "real"),
    row("MeanSquaredError", "column against flat", BOTH),
    row("RootMeanSquaredError", "real", ALL),
    row("MeanAbsoluteError", "real"),
    row("MeanAbsolutePercentageError", "real"),
    row("MeanSquaredLogarithmicError", "positive"),
    row("LogCoshError", "real"),
    row("CosineSimilarity", "real"),
    row("CosineSimilarity", "real", PLAIN, axis=0),
    row("R2Score", "real"),
    row("R2Score", "real", PLAIN, class_aggregation="variance_weighted_average"),
    row("R2Score", "real", PLAIN, class_aggregation=None),
    row("BinaryCrossentropy", "binary"),
    row("BinaryCrossentropy", "binary logits", PLAIN, from_logits=True, label_smoothing=0.1),
    row("CategoricalCrossentropy", "classes"),
    row("CategoricalCrossentropy", "class logits", PLAIN, from_logits=True, label_smoothing=0.1),
    row("SparseCategoricalCrossentropy", "sparse"),
    row("SparseCategoricalCrossentropy", "sparse logits", BOTH, from_logits=True),
    row("KLDivergence", "distributions"),
    row("Poisson", "positive"),
    row("Hinge", "binary real"),
    row("SquaredHinge", "binary real"),
    row("CategoricalHinge", "classes"),
    row("F1Score", "binary", BOTH, average="macro", threshold=0.5),
    row("F1Score", "binary", PLAIN),
    row("F1Score", "binary", PLAIN, average="micro"),
    row("F1Score", "binary", PLAIN, average="weighted", threshold=0.4),
    row("F1Score", "dead scores", PLAIN),
    row("FBetaScore", "binary", PLAIN, beta=2.0, average="macro", threshold=0.5),
    *_RETRIEVAL,
    *_COUNTS,
    *_AREAS,
    *_UNIONS,
]

# Strings that compile resolves, for these shapes of labels and predictions.
STRINGS = ["accuracy", "acc", "Accuracy", "mse", "MAE", "mean_absolute_error", "AUC", "auc", "binary_accuracy", "SparseCategoricalAccuracy", "bce", "cosine_similarity"]
SHAPES = [([8, 1], [8, 1]), ([8], [8, 1]), ([8], [8, 4]), ([8, 1], [8, 4]), ([8, 4], [8, 4]), ([8, 3], [8, 3, 4]), ([8, 3, 4], [8, 3, 4]), ([8], [8])]
LOSS_STRINGS = ["crossentropy", "ce", "CE", "mse", "KLD", "binary_crossentropy", "CategoricalCrossentropy", "huber", "log_cosh"]
# Names that Keras does not know, alone or in compile.
UNKNOWN_METRICS = ["rmse", "logcosh", "huber", "crossentropy", "Mean_Squared_Error", "accuracies"]
UNKNOWN_LOSSES = ["logcosh", "Mean_Squared_Error", "rmse", "accuracy", "crossentropies"]
