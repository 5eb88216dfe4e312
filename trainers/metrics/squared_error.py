"""Squared error of reconstructions: (1 / P) Σ (x − decode(encode(x)))² over an image's P numbers in [0, 1]."""

from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean


def measure(evidence: Evidence) -> Figure:
    """The mean over held-out images."""
    errors_NCHW = evidence.reconstructions_NCHW - pixels_of(evidence.held_out_NCHW)
    return figure_of_mean(errors_NCHW.square().flatten(1).mean(1))
