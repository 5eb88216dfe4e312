"""The wider a VAE's posterior, the fewer bits pass through.

A code is drawn from each of two thousand posteriors with s times their width. The bits that it carries of its image
are log₂ q(z | x) − log₂ (1 / N) Σ_x′ q(z | x′), on average: the mutual information of image and code among these
images, which is at most log₂ N (Hoffman & Johnson 2016). The claim wants doubled noise to lose .1 bits or more: it
fails where nothing passes at any width, and where noise is so narrow that no image is taken for another even so.

Beside it stands the capacity of a Gaussian channel, ½ Σ_d log₂ (1 + Var μ_d / E σ_d²), and whether within the model
images with wider posteriors carry fewer bits: the rank correlation of the mean log σ with the bits of each.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from scipy import stats
from torch import Tensor

from trainers.claims.bench import images_of, images_of_codes
from trainers.claims.ruling import above, agreed, of_seeds
from trainers.claims.verdict import DecidingFigure, Ruling, Verdict, untested
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import value_text
from trainers.comparison.wording import listed
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean, figure_of_statistic
from trainers.pictures.panels import labelled_rows
from trainers.seeds import generator_for

IMAGES: Final = 2000
LOST: Final = 0.1
SCALES: Final = (0.5, 1.0, 2.0, 4.0)
_ROWS: Final = 500


def check(contenders: Sequence[Contender]) -> Verdict:
    """The verdict on the open models with posteriors."""
    judged = [contender for contender in contenders if contender.evidence.posterior_ND is not None]
    if not judged:
        return untested("a VAE")
    figures: list[DecidingFigure] = []
    rulings: list[Ruling] = []
    found: list[str] = []
    for contender in judged:
        lost = of_seeds(contender, lambda evidence: figure_of_mean(bits(evidence, 1.0) - bits(evidence, 2.0)))
        passed = [
            of_seeds(contender, lambda evidence, scale=scale: figure_of_mean(bits(evidence, scale)))
            for scale in SCALES[:3]
        ]
        capacity, related = of_seeds(contender, capacity_of), of_seeds(contender, correlation_of)
        assert lost is not None
        assert capacity is not None
        assert related is not None
        rulings.append(above(lost, LOST))
        figures.append(
            DecidingFigure(model=contender.label, name="bits lost to doubled noise", figure=lost, line=f"above {LOST}")
        )
        for scale, figure in zip(SCALES, passed, strict=False):
            assert figure is not None
            figures.append(DecidingFigure(model=contender.label, name=f"bits at {scale:g} σ", figure=figure))
        figures += [
            DecidingFigure(model=contender.label, name="capacity of a Gaussian channel, bits", figure=capacity),
            DecidingFigure(model=contender.label, name="rank correlation of log σ and bits", figure=related),
        ]
        numbers = [value_text(figure) for figure in passed if figure is not None]
        found.append(
            f"{numbers[0]} bits pass at half the noise, {numbers[1]} as trained and {numbers[2]} at twice"
            f" ({contender.label})"
        )
    return Verdict(
        ruling=agreed(rulings),
        sentence=f"Of {math.log2(min(IMAGES, judged[0].evidence.count)):.1f} bits that name an image among these,"
        f" {listed(found)}.",
        figures=tuple(figures),
        picture_HW3=_picture(judged[0].evidence),
    )


def noisy_codes(evidence: Evidence, scale: float) -> Tensor:
    """A draw of each of the first posteriors, with `scale` times their width, (N, D)."""
    mean_ND, log_variance_ND = _posterior(evidence)
    noise_ND = torch.randn(mean_ND.shape, generator=generator_for(0, "claims, posteriors"))
    return mean_ND + scale * torch.exp(0.5 * log_variance_ND) * noise_ND


def bits(evidence: Evidence, scale: float) -> Tensor:
    """What such a draw says of its image, in bits, float64 (N,)."""
    mean_ND, log_variance_ND = (part_ND.double() for part_ND in _posterior(evidence))
    precision_ND = torch.exp(-log_variance_ND) / scale**2
    codes_ND = noisy_codes(evidence, scale).double()
    constant_N = -0.5 * log_variance_ND.sum(1) - 0.5 * (mean_ND.square() * precision_ND).sum(1)
    found: list[Tensor] = []
    for start in range(0, len(codes_ND), _ROWS):
        evidence.pulse()
        part_PD = codes_ND[start : start + _ROWS]
        log_density_PN = (
            constant_N - 0.5 * part_PD.square() @ precision_ND.T + part_PD @ (mean_ND * precision_ND).T
        )  # up to one constant for all
        own_P = log_density_PN.diagonal(start)
        found.append(own_P - log_density_PN.logsumexp(1) + math.log(len(codes_ND)))
    return torch.cat(found) / math.log(2)


def capacity_of(evidence: Evidence) -> Figure:
    """Capacity of Gaussian channels with the codes' variance and the posteriors' noise, in bits."""
    mean_ND, variance_ND = (part_ND.double().numpy() for part_ND in _posterior(evidence))
    variance_ND = np.exp(variance_ND)

    def capacity(chosen_M: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
        signal_D, noise_D = mean_ND[chosen_M].var(axis=0), variance_ND[chosen_M].mean(axis=0)
        return float(0.5 * np.log2(1 + signal_D / noise_D).sum())

    return figure_of_statistic(capacity, len(mean_ND), pulse=evidence.pulse)


def correlation_of(evidence: Evidence) -> Figure:
    """Spearman's rank correlation between the width of an image's posterior and the bits that its code carries."""
    _, log_variance_ND = _posterior(evidence)
    width_N = log_variance_ND.double().mean(1).numpy()
    bits_N = bits(evidence, 1.0).numpy()

    def correlation(chosen_M: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
        widths_M, bits_M = (stats.rankdata(values_N[chosen_M]) for values_N in (width_N, bits_N))
        if widths_M.std() == 0 or bits_M.std() == 0:
            return 0.0  # all alike: nothing goes with anything
        return float(np.corrcoef(widths_M, bits_M)[0, 1])

    return figure_of_statistic(correlation, len(width_N), pulse=evidence.pulse)


def _posterior(evidence: Evidence) -> tuple[Tensor, Tensor]:
    posterior = evidence.posterior_ND
    assert posterior is not None
    return posterior[0][:IMAGES], posterior[1][:IMAGES]


def _picture(evidence: Evidence) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    names = {0.5: "half the noise", 1.0: "as trained", 2.0: "twice the noise", 4.0: "four times"}
    rows = [
        (
            f"{names[scale]}: {float(bits(evidence, scale).mean()):.1f} bits",
            images_of_codes(evidence, noisy_codes(evidence, scale)),
        )
        for scale in SCALES
    ]
    return labelled_rows([("held-out images", images_of(evidence.held_out_NCHW)), *rows])
