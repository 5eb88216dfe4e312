"""Which features suit a set of images, and why: figures mean something only beside that answer."""

from collections.abc import Callable
from typing import Final

from trainers.errors import LatentExplorerError
from trainers.features import FEATURES
from trainers.features.digit_network import FRAMED_SIDES
from trainers.features.extractor import FeatureExtractor
from trainers.features.inception import device, is_on_this_computer
from trainers.features.kept_by_images import KeptByImages
from trainers.images import ImageSet

AUTO: Final = "auto"
_KEPT = KeptByImages[FeatureExtractor](most=2)


def choose_features(
    images: ImageSet, wanted: str = AUTO, *, inception_here: bool | None = None, gpu_here: bool | None = None
) -> tuple[str, str]:
    """An entry of `FEATURES` for a set of images, and why in one sentence.

    Args:
        images: The open set.
        wanted: An entry of `FEATURES`, or "auto" for the one that suits the images.
        inception_here: Whether Inception-v3 is on this computer; None to look.
        gpu_here: Whether there is a GPU for it; None to look.

    Raises:
        LatentExplorerError: There are no such features, or not for these images.
    """
    labelled = len(images.class_names) > 1
    inception_here = is_on_this_computer() if inception_here is None else inception_here
    gpu_here = device().type != "cpu" if gpu_here is None else gpu_here
    if wanted != AUTO:
        if wanted not in FEATURES:
            raise LatentExplorerError(f"There are no features {wanted!r}; choose {', '.join((AUTO, *FEATURES))}.")
        if wanted == "labels" and not labelled:
            raise LatentExplorerError(
                f"{images.name} has no labels to train a network on; choose {AUTO} or one of the other features."
            )
        if wanted == "inception" and not inception_here:
            raise LatentExplorerError(
                "Inception-v3 is not on this computer; let torchvision fetch it by"
                " torchvision.models.inception_v3(weights='DEFAULT'), or choose other features."
            )
        return wanted, "It was asked for."
    if images.name in FRAMED_SIDES and images.shape.channels == 1:
        return "digits", "These are handwritten characters on a plain ground, which the shipped network was made for."
    if labelled:
        return "labels", "These images have labels, and a network that tells their classes apart knows what matters."
    if inception_here and gpu_here:
        return "inception", "These images have no labels, and Inception-v3 is on this computer, with a GPU for it."
    missing = "this computer has no GPU for Inception-v3" if inception_here else "Inception-v3 is not on this computer"
    return "untrained", (
        f"These images have no labels, and {missing}: random features still tell better models from worse, but their"
        " figures mean little by themselves."
    )


def extractor_for(
    images: ImageSet, wanted: str = AUTO, *, pulse: Callable[[], None] = lambda: None
) -> FeatureExtractor:
    """The extractor for a set of images; those of the last two sets are kept, since one may have to be trained.

    Args:
        images: The open set.
        wanted: As for `choose_features`.
        pulse: Called between parts of the work; may raise.

    Raises:
        LatentExplorerError: There are no such features, or not for these images.
    """
    source, reason = choose_features(images, wanted)
    return _KEPT.get(images, source, lambda: FEATURES[source].load()(images, pulse)).because(reason)
