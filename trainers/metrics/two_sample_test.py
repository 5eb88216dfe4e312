"""Classifier two-sample test between codes and prior.

Lopez-Paz & Oquab 2017, "Revisiting classifier two-sample tests".
A classifier learns to tell codes from samples of the prior on one half of both, and is tested on the other: if the
two are spread alike it is right half of the time. The classifier is that of ⌊√n⌋ nearest neighbours among n examples
(their C2ST-KNN), which learns any shape in the plane and has nothing to be trained.
"""

import math

import numpy as np
from sklearn.neighbors import KNeighborsClassifier

from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean


def measure(evidence: Evidence) -> Figure:
    """How often it is right, in per cent of the codes and samples that it is tested on."""
    evidence.pulse()
    pair = (evidence.drawn_codes_ND.numpy(), evidence.prior_codes_SD.numpy())
    middle = len(pair[0]) // 2
    known_ND = np.concatenate([points_ND[:middle] for points_ND in pair])
    asked_ND = np.concatenate([points_ND[middle:] for points_ND in pair])
    classifier = KNeighborsClassifier(math.isqrt(len(known_ND)))
    classifier.fit(known_ND, np.repeat([0, 1], middle))
    right_N = classifier.predict(asked_ND) == np.repeat([0, 1], len(asked_ND) // 2)
    return figure_of_mean(100.0 * right_N)
