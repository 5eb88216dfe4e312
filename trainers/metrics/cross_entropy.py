"""Cross-entropy of reconstructions y: −Σ x log y + (1 − x) log(1 − y) over the pixels, in nats (Kingma & Welling 2014).

The decoder's likelihood need not be Bernoulli: its mean is taken as the probability of ink.
"""

from torch.nn.functional import binary_cross_entropy

from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean


def measure(evidence: Evidence) -> Figure:
    """The mean over held-out images."""
    pixels_NCHW = pixels_of(evidence.held_out_NCHW)
    entropies_NCHW = binary_cross_entropy(evidence.reconstructions_NCHW, pixels_NCHW, reduction="none")
    return figure_of_mean(entropies_NCHW.flatten(1).sum(1))
