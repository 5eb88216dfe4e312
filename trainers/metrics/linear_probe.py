"""Accuracy of a linear classifier on codes.

Alain & Bengio 2017, "Understanding intermediate layers using linear classifier probes". The classifier is logistic
regression, learned on training codes of unit variance with scikit-learn's own weight decay, C = 1.
"""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean


def measure(evidence: Evidence) -> Figure | None:
    """How often it is right, in per cent of the held-out images; None without labels of two classes or more."""
    labels_M = evidence.training_labels_M
    if not evidence.has_labels or len(np.unique(labels_M)) < 2:
        return None
    codes_ND, known_MD = evidence.codes_ND.double().numpy(), evidence.training_codes_MD.double().numpy()
    evidence.pulse()
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    classifier.fit(known_MD, labels_M)
    return figure_of_mean(100.0 * (classifier.predict(codes_ND) == evidence.labels_N))
