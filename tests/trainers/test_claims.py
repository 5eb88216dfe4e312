"""Each claim comes out each way, on models that were planted to make it so."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.trainers.planted_models import PlantedModel, class_of, labelled_set, noise_set, normal_codes
from trainers.claims import CLAIMS
from trainers.claims.checking import check_claims
from trainers.claims.ruling import above, agreed, all_of, below, of_seeds, outside, ratio, ratio_of_seeds
from trainers.claims.vae_noise import bits, capacity_of
from trainers.claims.verdict import Ruling, Verdict, verdict_document
from trainers.comparison.contender import Contender
from trainers.errors import Cancelled
from trainers.images import ImageSet
from trainers.metrics.evidence import Evidence
from trainers.metrics.feature_views import features_of
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean
from trainers.priors.prior import unit_direction
from trainers.recipe import Recipe

IMAGES = noise_set(300, 300)
LABELLED = labelled_set(400, 400)
MANY = noise_set(300, 2000)
LIMIT = 2000


class PlantedPosterior(PlantedModel):
    """A planted model whose posterior has the planted code for its mean, and one width everywhere."""

    sigma = 0.1

    def posterior(self, pixels_NCHW: Tensor) -> tuple[Tensor, Tensor]:
        """The planted code, and log σ²."""
        mean_ND = self.encode(pixels_NCHW)
        return mean_ND, torch.full_like(mean_ND, 2 * float(np.log(self.sigma)))


def contender(model: PlantedModel, *more: PlantedModel, label: str = "", images: ImageSet = IMAGES) -> Contender:
    evidences = tuple(Evidence(seed, images, limit=LIMIT) for seed in (model, *more))
    for evidence in evidences:
        features_of(evidence, "untrained")
    return Contender(label=label or model.recipe.family.upper(), evidences=evidences)


def noise_of(codes_ND: Tensor, phase: float = 0.0) -> Tensor:
    """An image of pixels that look independent and uniform, as those of the set are; another for each code."""
    directions_DP = 50 * torch.sin(torch.arange(codes_ND.shape[1] * 64.0).view(-1, 64) * 12.9898 + phase) + 60
    return (torch.sin(codes_ND @ directions_DP + phase) * 43758.5453).frac().abs().view(-1, 1, 8, 8)


def noise_where(good_N: Tensor, codes_ND: Tensor, phase: float = 0.0) -> Tensor:
    """Such images at good places, black ones elsewhere."""
    return noise_of(codes_ND, phase) * good_N.float().view(-1, 1, 1, 1)


def blobs(pixels_NCHW: Tensor) -> Tensor:
    """Codes in two clouds, around (2, 2) and (−2, −2)."""
    side_N1 = torch.where(pixels_NCHW[:, 0, 0, :1] > 0.5, 2.0, -2.0)
    return side_N1 + 0.3 * normal_codes(pixels_NCHW)


def near_blobs(codes_ND: Tensor) -> Tensor:
    return ((codes_ND.sum(1).abs() - 4).abs() < 2) & ((codes_ND[:, 0] - codes_ND[:, 1]).abs() < 2)


def lattice(pixels_NCHW: Tensor) -> Tensor:
    """Codes on a grid of places far apart: no smooth density fits them."""
    return normal_codes(pixels_NCHW).mul(2).round().div(2)


def on_lattice(codes_ND: Tensor) -> Tensor:
    return ((2 * codes_ND).round() - 2 * codes_ND).abs().amax(1) < 1e-3


def ae(
    encode: Callable[[Tensor], Tensor] = normal_codes, decode: Callable[[Tensor], Tensor] = noise_of
) -> PlantedModel:
    return PlantedModel(encode=encode, decode=decode)


def vae(encode: Callable[[Tensor], Tensor], sigma: float = 0.1) -> PlantedModel:
    model = PlantedPosterior(encode=encode, decode=noise_of, recipe=Recipe(family="vae"))
    model.sigma = sigma
    return model


def blurring(share: float, likelihood: str, seed: int = 0) -> PlantedModel:
    """A VAE whose reconstructions have the given share of the images' contrast."""
    return PlantedPosterior(
        encode=lambda pixels_NCHW: pixels_NCHW.flatten(1),
        decode=lambda codes_ND: (0.5 + share * (codes_ND - 0.5)).view(-1, 1, 8, 8),
        recipe=Recipe(family="vae", likelihood=likelihood, latent_dim=64, seed=seed),
    )


def aae(
    encode: Callable[[Tensor], Tensor],
    prior: str = "gaussian",
    decode: Callable[[Tensor], Tensor] = noise_of,
) -> PlantedModel:
    return PlantedModel(encode=encode, decode=decode, recipe=Recipe(family="aae", prior=prior))


def ring_codes(pixels_NCHW: Tensor) -> Tensor:
    """Codes that are as good as the ring prior: its direction from two sums of pixels, its radius from others."""
    four_N4 = normal_codes(pixels_NCHW, 4)
    uniform_N2 = torch.special.ndtr(four_N4[:, :2])
    return (2 + 0.2 * four_N4[:, 2:3]) * unit_direction(uniform_N2)


def by_class(*scales: float) -> Callable[[Tensor], Tensor]:
    """Codes of each class of the labelled set spread as wide as is said."""
    return lambda pixels_NCHW: (
        3.0 * class_of(pixels_NCHW)[:, None]
        + torch.tensor(scales)[class_of(pixels_NCHW)][:, None] * normal_codes(pixels_NCHW)
    )


def several(*models: PlantedModel, images: ImageSet = IMAGES) -> list[Contender]:
    return [contender(model, images=images, label=f"{index}") for index, model in enumerate(models)]


def blob_ae() -> PlantedModel:
    return ae(blobs, lambda codes_ND: noise_where(near_blobs(codes_ND), codes_ND))


HOLDS: dict[str, Callable[[], list[Contender]]] = {
    "ae-range": lambda: several(ae(lambda pixels_NCHW: 3 + 5 * normal_codes(pixels_NCHW))),
    "ae-class-room": lambda: several(ae(by_class(0.05, 1, 1, 1)), images=LABELLED),
    "ae-empty-places": lambda: several(blob_ae()),
    "ae-not-generative": lambda: several(blob_ae()),
    "ae-fitted-density": lambda: several(blob_ae()),
    "vae-noise": lambda: several(vae(normal_codes)),
    "vae-aggregate": lambda: several(vae(normal_codes), images=MANY),
    "squared-error-blurs": lambda: several(blurring(0.4, "gaussian"), blurring(1.0, "bernoulli")),
    "aae-fills-prior": lambda: several(aae(normal_codes), aae(ring_codes, "ring")),
    "aae-against-vae": lambda: rivals(aae_good=1.0, vae_good=0.3),
}
FAILS: dict[str, Callable[[], list[Contender]]] = {
    "ae-range": lambda: several(ae()),
    "ae-class-room": lambda: several(ae(by_class(1, 1, 1, 1)), images=LABELLED),
    "ae-empty-places": lambda: several(ae(blobs)),
    "ae-not-generative": lambda: several(ae(blobs)),
    "ae-fitted-density": lambda: several(ae(lattice, lambda codes_ND: noise_where(on_lattice(codes_ND), codes_ND))),
    "vae-noise": lambda: several(vae(normal_codes, sigma=1e-5)),
    "vae-aggregate": lambda: several(vae(lambda pixels_NCHW: 3 * normal_codes(pixels_NCHW))),
    "squared-error-blurs": lambda: several(blurring(1.0, "gaussian"), blurring(1.0, "bernoulli")),
    "aae-fills-prior": lambda: several(aae(lambda pixels_NCHW: 0.3 * normal_codes(pixels_NCHW))),
    "aae-against-vae": lambda: rivals(aae_good=0.3, vae_good=1.0),
}


def rivals(aae_good: float, vae_good: float, seeds: int = 3) -> list[Contender]:
    """An AAE and a VAE whose samples are good for the given shares of the prior, with some seeds each."""

    def decode(good: float, phase: float) -> Callable[[Tensor], Tensor]:
        edge = float(torch.special.ndtri(torch.tensor(good).clamp(max=0.9999)))
        return lambda codes_ND: noise_where(codes_ND[:, 0] < edge, codes_ND, phase)

    models = {
        family: [
            PlantedModel(
                encode=normal_codes, decode=decode(good, seed + offset), recipe=Recipe(family=family, seed=seed)
            )
            for seed in range(seeds)
        ]
        for family, good, offset in (("aae", aae_good, 0.0), ("vae", vae_good, 0.5))
    }
    return [contender(*of_family) for of_family in models.values()]


def verdict_on(name: str, contenders: list[Contender]) -> Verdict:
    return check_claims(contenders, (name,))[name]


def test_each_claim_is_planted() -> None:
    assert HOLDS.keys() == FAILS.keys() == CLAIMS.keys()


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_says_what_it_is(name: str) -> None:
    claim = CLAIMS[name]
    assert claim.statement.endswith(".")
    assert claim.summary.endswith(".")
    assert claim.source


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_holds_where_it_was_planted(name: str) -> None:
    contenders = HOLDS[name]()
    verdict = verdict_on(name, contenders)
    assert (verdict.ruling, verdict.words) == ("holds", "holds here"), verdict.sentence
    assert verdict.sentence.endswith(".")
    assert verdict.picture_HW3 is not None
    assert verdict.picture_HW3.dtype == np.uint8
    assert verdict.picture_HW3.shape[2] == 3
    assert len(np.unique(verdict.picture_HW3.reshape(-1, 3), axis=0)) > 20
    assert any(entry.line for entry in verdict.figures)
    assert {entry.model for entry in verdict.figures} <= {one.label for one in contenders}


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_fails_where_it_was_planted_not_to_hold(name: str) -> None:
    verdict = verdict_on(name, FAILS[name]())
    assert (verdict.ruling, verdict.words) == ("fails", "does not hold here"), verdict.sentence


@pytest.mark.parametrize("name", [name for name in CLAIMS if name not in ("squared-error-blurs", "aae-against-vae")])
def test_models_that_disagree_leave_a_claim_undecided(name: str) -> None:
    good, bad = HOLDS[name](), FAILS[name]()
    assert verdict_on(name, [*good, *bad]).words == "undecided"


@pytest.mark.parametrize("name", CLAIMS)
def test_without_the_models_a_claim_says_what_it_needs(name: str) -> None:
    others = several(aae(normal_codes) if name.startswith(("ae-", "vae-", "squared")) else ae())
    verdict = verdict_on(name, others)
    assert verdict.ruling == "untested"
    assert verdict.words.startswith("needs a")
    assert verdict.picture_HW3 is None
    assert verdict_document(name, verdict)["words"] == verdict.words


def test_nothing_passes_through_a_collapsed_posterior() -> None:
    collapsed = several(vae(lambda pixels_NCHW: 0 * normal_codes(pixels_NCHW), sigma=1.0))
    assert verdict_on("vae-noise", collapsed).ruling == "fails"
    assert float(bits(collapsed[0].evidence, 1.0).mean()) == pytest.approx(0, abs=1e-9)


def test_bits_are_those_of_a_gaussian_channel() -> None:
    # With N(0, I) codes and noise σ, I = ½ log₂(1 + 1 / σ²) for each of two dimensions.
    evidence = Evidence(vae(normal_codes, sigma=0.5), noise_set(20, 2000))
    expected = np.log2(1 + 1 / 0.5**2)
    assert float(bits(evidence, 1.0).mean()) == pytest.approx(expected, abs=0.1)
    assert capacity_of(evidence).value == pytest.approx(expected, abs=0.1)
    assert float(bits(evidence, 2.0).mean()) == pytest.approx(np.log2(1 + 1.0), abs=0.1)


def test_rivals_that_are_alike_are_tied_and_one_seed_decides_nothing() -> None:
    tie = verdict_on("aae-against-vae", rivals(aae_good=1.0, vae_good=1.0))
    assert tie.ruling == "undecided"
    assert "a tie" in tie.sentence
    single = verdict_on("aae-against-vae", rivals(aae_good=1.0, vae_good=0.3, seeds=1))
    assert single.ruling == "undecided"
    assert "3 seeds" in single.sentence


def test_sharpness_is_compared_over_seeds_too() -> None:
    squared = contender(*(blurring(0.4 + 0.01 * seed, "gaussian", seed) for seed in range(3)), label="squared")
    other = contender(*(blurring(0.9 + 0.01 * seed, "bernoulli", seed) for seed in range(3)), label="other")
    verdict = verdict_on("squared-error-blurs", [squared, other])
    assert verdict.ruling == "holds"
    assert verdict.figures[0].figure.seeds == 3
    assert verdict.figures[0].figure.value == pytest.approx((0.41 / 0.91) ** 2, rel=0.02)


def test_codes_that_leave_no_place_empty_cannot_be_judged() -> None:
    # All codes at one place: there is no box to be empty.
    verdict = verdict_on("ae-empty-places", several(ae(lambda pixels_NCHW: 0 * normal_codes(pixels_NCHW))))
    assert verdict.words == "needs an AE whose codes leave empty places"


def figure(value: float, half: float) -> Figure:
    return Figure(value=value, low=value - half, high=value + half, count=10)


def test_what_the_interval_does_not_settle_is_undecided() -> None:
    cases: list[tuple[Ruling, Ruling]] = [
        (above(figure(5, 1), 3), "holds"),
        (above(figure(5, 1), 7), "fails"),
        (above(figure(5, 1), 4.5), "undecided"),
        (below(figure(5, 1), 7), "holds"),
        (below(figure(5, 1), 3), "fails"),
        (below(figure(5, 1), 5.5), "undecided"),
        (outside(figure(5, 1), 1, 3), "holds"),
        (outside(figure(5, 1), 7, 9), "holds"),
        (outside(figure(5, 1), 3, 7), "fails"),
        (outside(figure(5, 1), 5, 9), "undecided"),
        (all_of(["holds", "undecided", "fails"]), "fails"),
        (all_of(["holds", "undecided"]), "undecided"),
        (all_of(["holds", "holds"]), "holds"),
        (agreed(["fails", "fails"]), "fails"),
        (agreed(["holds", "fails"]), "undecided"),
    ]
    assert [found for found, _ in cases] == [wanted for _, wanted in cases]


def test_a_ratio_is_taken_on_the_same_resamples() -> None:
    values_N = np.random.default_rng(0).uniform(1, 2, 200)
    same = ratio(figure_of_mean(3 * values_N), figure_of_mean(values_N))
    assert (same.value, same.low, same.high) == pytest.approx((3, 3, 3))


def test_figures_over_seeds() -> None:
    three = contender(*(ae() for _ in range(3)))
    values = iter([1.0, 2.0, 4.0] * 2)
    joined = of_seeds(three, lambda _: figure(next(values), 0.1))
    assert joined is not None
    assert (joined.value, joined.seeds) == (pytest.approx(7 / 3), 3)
    joined = ratio_of_seeds(three, lambda _: figure(next(values), 0.1))
    assert joined is not None
    assert joined.value == pytest.approx(2.0)
    assert joined.low > 0
    found = iter([figure(1.0, 0.1), None, None])
    assert of_seeds(three, lambda _: next(found)) is None


def test_checking_can_be_ended() -> None:
    def end() -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        check_claims(several(ae()), pulse=end)
