"""A path that a person has drawn, as all lanes understand it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RouteEnd:
    """One end of a route.

    Attributes:
        x: Where it was put, in latent coordinates of the lane where it was drawn.
        y: The same.
        image: The held-out image whose point is nearest, as an index; None where the lane has no points.
        is_on_image: Whether it was put on that very point, so that it goes where the point goes.
    """

    x: float
    y: float
    image: int | None = None
    is_on_image: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """From one end to the other.

    Attributes:
        run: In whose lane it was drawn.
        images_of: Which images its ends are indices into: set and size.
        start: Where it begins.
        end: Where it ends.
    """

    run: str
    images_of: tuple[str, int]
    start: RouteEnd
    end: RouteEnd
