"""Round trip: ‖encode(decode(z)) − z‖ / s for samples z of the prior, where s is the spread of the codes.

s² = mean ‖c − mean c‖² over the codes c of held-out images, so that models whose codes have different units can be
compared. 0 says that the encoder finds every code again, and 1 that codes land as far off as codes lie from their
middle.
"""

import torch

from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean


def measure(evidence: Evidence) -> Figure | None:
    """The mean over samples of the prior; None when all codes are the same."""
    codes_ND = evidence.codes_ND
    spread = (codes_ND - codes_ND.mean(0)).square().sum(1).mean().sqrt()
    if spread == 0:
        return None
    return_SD = evidence.in_chunks(evidence.model.encode, evidence.samples_SCHW)
    return figure_of_mean(torch.linalg.vector_norm(return_SD - evidence.prior_codes_SD, dim=1) / spread)
