"""Round trips: decode a place, encode the image, and see where it ends up.

Where a model is consistent it comes back to where it was. Long ways show places that the encoder would never use: what
is decoded there is, to the encoder, an image of somewhere else.
"""

import numpy as np

from trainers.messages import Floats, ModelCopy, Plane


def round_trip(model: ModelCopy, plane: Plane, points_N2: Floats) -> Floats:
    """Where points of the plane end, (N, 2), after decoding them and encoding the images, rounded to 8 bits.

    Codes that come back beside the plane are projected on it; noise of a posterior is left out.
    """
    if not len(points_N2):
        return np.zeros((0, 2), np.float32)
    return plane.points(model.posterior(model.decode(plane.codes(points_N2))).means_ND)
