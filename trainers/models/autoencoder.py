"""The autoencoder: codes that serve reconstruction and nothing else."""

from trainers.models.family import Batch, Descent, Family, Phase, PhaseLoss


class Autoencoder(Family):
    """Minimises −log p(x | encode(x)) (Hinton & Salakhutdinov 2006).

    It has no prior. New images are drawn from N(0, I), the others' prior, to show what that gives.
    """

    @property
    def prior_name(self) -> str:
        """The standard Gaussian, for comparison only."""
        return "gaussian"

    def phases(self) -> tuple[Phase, ...]:
        """One descent on the reconstruction."""
        return (Phase("reconstruction", self.reconstruction, (Descent(self.autoencoder_parameters()),)),)

    def reconstruction(self, batch: Batch) -> PhaseLoss:
        """−log p(x | z) at z = encode(x)."""
        codes_ND = self.encode(batch.pixels_NCHW)
        batch.codes_ND = codes_ND.detach()
        reconstruction = self.likelihood.negative_log(self.decoder(codes_ND), batch.pixels_NCHW).mean()
        return PhaseLoss(reconstruction, {"reconstruction": reconstruction})
