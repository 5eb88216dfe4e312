"""The class of a held-out image by vote of the k = 10 training codes nearest to its own."""

from typing import Final

from sklearn.neighbors import KNeighborsClassifier

from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean

NEIGHBOURS: Final = 10


def measure(evidence: Evidence) -> Figure | None:
    """How often the vote is right, in per cent of the held-out images; None without labels."""
    if not evidence.has_labels:
        return None
    codes_ND, known_MD = evidence.codes_ND.numpy(), evidence.training_codes_MD.numpy()
    evidence.pulse()
    classifier = KNeighborsClassifier(min(NEIGHBOURS, len(known_MD)))
    classifier.fit(known_MD, evidence.training_labels_M)
    return figure_of_mean(100.0 * (classifier.predict(codes_ND) == evidence.labels_N))
