"""What a family with noise on its codes makes of images: one Gaussian each, and how it looks on the plane."""

import numpy as np

from trainers.messages import Floats, Plane


def covariances_on_plane(variances_ND: Floats, plane: Plane) -> Floats:
    """Covariances on the plane, (N, 2, 2), of Gaussians that are diagonal in latent space, variances (N, D).

    Seen on a plane with axes A, the covariance is A diag(v) Aᵀ; in two dimensions it stays diagonal.
    """
    return np.einsum("aD,ND,bD->Nab", plane.axes_2D, variances_ND, plane.axes_2D).astype(np.float32)
