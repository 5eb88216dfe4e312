"""Maximum mean discrepancy between codes and prior: MMD² = E k(x, x′) + E k(y, y′) − 2 E k(x, y) (Gretton et al. 2012).

The estimate is the unbiased one (their equation 3), whose mean over samples of one distribution is 0, so that it may
come out below. The kernel is the mean of the inverse multiquadratics k(x, y) = C / (C + ‖x − y‖²) over C = 2 D v s,
with v the prior's variance along an axis and s in {.1, .2, .5, 1, 2, 5, 10} (Tolstikhin et al. 2018, section 4). Its
long tails see codes that lie far away, and it is the same for every model with this prior.
"""

from typing import Final

import numpy as np
from scipy.spatial.distance import cdist

from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Doubles, Figure
from trainers.metrics.resampling import figure_of_resamples, halves

POINTS: Final = 2000
SCALES: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def measure(evidence: Evidence) -> Figure:
    """MMD² between the aggregate posterior and the prior, on the first two thousand draws of each."""
    codes_ND = evidence.drawn_codes_ND[:POINTS].double().numpy()
    prior_ND = evidence.prior_codes_SD[:POINTS].double().numpy()
    width = 2 * evidence.latent_dim * float(evidence.prior_codes_SD.var(0, correction=0).mean())
    evidence.pulse()
    count, halves_RM = len(codes_ND), halves(len(codes_ND))
    chosen_RN = np.ones((1 + len(halves_RM), count))  # all, then the halves
    chosen_RN[1:] = 0.0
    np.put_along_axis(chosen_RN[1:], halves_RM, 1.0, axis=1)
    values_R = squared_discrepancies(codes_ND, prior_ND, width, chosen_RN)
    return figure_of_resamples(float(values_R[0]), values_R[1:], count)


def kernel(one_ND: Doubles, other_MD: Doubles, width: float) -> Doubles:
    """k(x, y) for every pair of rows, (N, M), where C = `width` · s."""
    squares_NM: Doubles = cdist(one_ND, other_MD, "sqeuclidean")
    total_NM = np.zeros_like(squares_NM)
    for scale in SCALES:
        total_NM += width * scale / (width * scale + squares_NM)
    return total_NM / len(SCALES)


def squared_discrepancies(codes_ND: Doubles, prior_ND: Doubles, width: float, chosen_RN: Doubles) -> Doubles:
    """MMD² between some rows of both, those where `chosen_RN` is 1 and not 0; one for each such choice, (R,)."""
    count_R = chosen_RN.sum(1)

    def total(one_ND: Doubles, other_ND: Doubles) -> Doubles:
        return ((chosen_RN @ kernel(one_ND, other_ND, width)) * chosen_RN).sum(1)

    # A point is no pair with itself; there the kernel is 1.
    own_R = total(codes_ND, codes_ND) + total(prior_ND, prior_ND) - 2 * count_R
    return own_R / (count_R * (count_R - 1)) - 2 * total(codes_ND, prior_ND) / count_R**2
