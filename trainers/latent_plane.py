"""The plane of latent space that a screen can show."""

import numpy as np

from trainers.messages import Floats, Plane, read_only


def whole_plane() -> Plane:
    """Two latent dimensions: the plane is the space."""
    return Plane(
        origin_D=read_only(np.zeros(2, np.float32)), axes_2D=read_only(np.eye(2, dtype=np.float32)), explained=1.0
    )


def principal_plane(codes_ND: Floats, before: Plane | None = None) -> Plane:
    """The first two principal components of the codes (Pearson 1901).

    Args:
        codes_ND: Codes, D above 2.
        before: The plane shown until now: signs follow it, so that the picture does not flip while training.
    """
    latent_dim = codes_ND.shape[1]
    if len(codes_ND) < 2:
        return before or Plane(
            origin_D=read_only(np.zeros(latent_dim, np.float32)),
            axes_2D=read_only(np.eye(2, latent_dim, dtype=np.float32)),
            explained=1.0,
        )
    origin_D = codes_ND.mean(0)
    variances_D, directions_DD = np.linalg.eigh(np.cov(codes_ND, rowvar=False))
    axes_2D = directions_DD[:, :-3:-1].T
    reference_2D = before.axes_2D if before is not None else np.sign(axes_2D.sum(1, keepdims=True)) * axes_2D
    signs_2 = np.where((axes_2D * reference_2D).sum(1) < 0, -1.0, 1.0)
    total = float(variances_D.sum())
    return Plane(
        origin_D=read_only(origin_D.astype(np.float32)),
        axes_2D=read_only(np.ascontiguousarray(axes_2D * signs_2[:, None], dtype=np.float32)),
        explained=min(1.0, float(variances_D[-2:].sum()) / total) if total > 0 else 1.0,
    )
