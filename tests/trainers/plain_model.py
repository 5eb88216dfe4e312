"""A model whose every number is known: codes of the unit square's images are their place, noise is chosen."""

from dataclasses import dataclass

import numpy as np

from trainers.messages import Floats, LatentPath, Pixels, Posterior


@dataclass
class PlainModel:
    """Images are two pixels that hold x and y, each from −4 to 4; places beyond are drawn at the edge.

    Attributes:
        variance: Of each posterior; None for single points.
        prior_N2: What the prior gives, over and over.
        steep_from: To the right of this x, the decoder is said to change ten times as fast.
    """

    variance: float | None = None
    prior_N2: Floats | None = None
    steep_from: float = np.inf

    def decode(self, codes_ND: Floats) -> Pixels:
        """Write each place into two pixels."""
        return np.rint((codes_ND[:, :2].clip(-4, 4) + 4) / 8 * 255).astype(np.uint8).reshape(-1, 1, 1, 2)

    def posterior(self, images_NCHW: Pixels) -> Posterior:
        """Read each place out of two pixels."""
        means_N2 = (images_NCHW.reshape(-1, 2) / 255 * 8 - 4).astype(np.float32)
        variances_N2 = None if self.variance is None else np.full(means_N2.shape, self.variance, np.float32)
        return Posterior(means_ND=means_N2, variances_ND=variances_N2)

    def prior_codes(self, count: int) -> Floats:
        """Repeat what was given."""
        assert self.prior_N2 is not None
        return np.resize(self.prior_N2, (count, 2)).astype(np.float32)

    def metric(self, codes_ND: Floats, axes_2D: Floats) -> Floats:
        """Tell how fast the decoder is said to change."""
        steep_N = np.where(codes_ND[:, 0] > self.steep_from, 100.0, 1.0).astype(np.float32)
        return (steep_N[:, None, None] * (axes_2D @ axes_2D.T)).astype(np.float32)

    def path(self, start_D: Floats, end_D: Floats, *, is_shortest: bool, frames: int) -> LatentPath:
        """Fail: no test asks for it."""
        raise AssertionError(start_D, end_D, is_shortest, frames)
