"""Faults of the pinned Keras release that its maintainers mended later: the vectors have what the mended code gives.

Each entry names the pull request. test/regression/release-faults.test.ts has the same losses worked out without Keras, so that a vector made
without its entry here does not pass. README.md lists what was decided about each fault.
"""

from keras.src.losses import losses

_released_tversky = losses.tversky


def _tversky(y_true, y_pred, alpha=0.5, beta=0.5, axis=None):
    """keras #23333: the release weighs missed labels by alpha and false alarms by beta, against its documentation and the paper."""
    return _released_tversky(y_true, y_pred, alpha=beta, beta=alpha, axis=axis)


def apply():
    losses.tversky = _tversky
