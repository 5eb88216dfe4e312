"""Paths on surfaces whose shortest ways are known in closed form."""

import math

import pytest
import torch
from torch import Tensor

from trainers.geometry.latent_path import evenly_along, path_energy, path_length, shortest_path, straight_path

RADIUS = 2.0


def sphere(codes_N2: Tensor) -> Tensor:
    """Longitude and latitude to a sphere."""
    east_N, north_N = codes_N2.unbind(1)
    return RADIUS * torch.stack([north_N.cos() * east_N.cos(), north_N.cos() * east_N.sin(), north_N.sin()], 1)


def cylinder(codes_N2: Tensor) -> Tensor:
    """Angle and height to a cylinder: a sheet that is rolled without being stretched."""
    angle_N, height_N = codes_N2.unbind(1)
    return torch.stack([RADIUS * angle_N.cos(), RADIUS * angle_N.sin(), height_N], 1)


def flat(codes_N2: Tensor) -> Tensor:
    return codes_N2 @ torch.tensor([[3.0, 0.0, 1.0], [0.5, 2.0, 0.0]], dtype=codes_N2.dtype)


def code(*numbers: float) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


@pytest.mark.parametrize(("start", "end"), [((0.0, 0.8), (1.6, 0.8)), ((-0.5, -0.3), (1.2, 1.0))])
def test_on_a_sphere_it_is_the_great_circle(start: tuple[float, float], end: tuple[float, float]) -> None:
    ends_23 = sphere(torch.stack([code(*start), code(*end)]))
    great_circle = RADIUS * math.acos(float((ends_23[0] @ ends_23[1]) / RADIUS**2))
    shortest_PD = shortest_path(sphere, code(*start), code(*end))
    assert path_length(sphere, shortest_PD) == pytest.approx(great_circle, rel=1e-3)
    straight = path_length(sphere, straight_path(code(*start), code(*end)))
    assert straight > 1.02 * great_circle
    # Every point of it lies in the plane of the great circle, and so does its film.
    normal_3 = torch.linalg.cross(ends_23[0], ends_23[1])
    normal_3 = normal_3 / normal_3.norm()
    for codes_PD in (shortest_PD, evenly_along(sphere, shortest_PD, 7)):
        assert float((sphere(codes_PD) @ normal_3).abs().max()) < 0.02 * RADIUS


def test_a_straight_line_along_a_parallel_has_the_parallels_length() -> None:
    along = straight_path(code(0.0, 0.8), code(1.6, 0.8))
    assert path_length(sphere, along) == pytest.approx(RADIUS * math.cos(0.8) * 1.6, rel=1e-4)


def test_on_a_cylinder_the_straight_line_is_shortest() -> None:
    start, end = code(-0.7, 0.0), code(1.5, 3.0)
    unrolled = math.hypot(RADIUS * 2.2, 3.0)
    shortest_PD = shortest_path(cylinder, start, end)
    torch.testing.assert_close(shortest_PD, straight_path(start, end), atol=2e-3, rtol=0)
    assert path_length(cylinder, shortest_PD) == pytest.approx(unrolled, rel=1e-4)


def test_on_a_flat_sheet_nothing_is_shorter() -> None:
    start, end = code(1.0, 2.0), code(-3.0, 0.5)
    distance = float((flat(start[None]) - flat(end[None])).norm())
    assert path_length(flat, shortest_path(flat, start, end)) == pytest.approx(distance, rel=1e-6)


def test_it_lowers_the_energy_and_keeps_the_ends() -> None:
    start, end = code(0.0, 0.9), code(2.0, 0.4)
    straight_PD, shortest_PD = straight_path(start, end), shortest_path(sphere, start, end)
    assert path_energy(sphere, shortest_PD) < 0.97 * path_energy(sphere, straight_PD)
    torch.testing.assert_close(shortest_PD[[0, -1]], torch.stack([start, end]))
    # By Cauchy and Schwarz E ≥ L², with equality at equal steps.
    length = float(sphere(shortest_PD).diff(dim=0).norm(dim=1).sum())
    assert float(path_energy(sphere, shortest_PD)) == pytest.approx(length**2, rel=1e-3)


def test_the_film_takes_equal_steps_among_images() -> None:
    start, end = code(0.0, 1.2), code(2.4, 0.0)  # nearer to the pole a radian is shorter
    even_KD = evenly_along(sphere, straight_path(start, end), 9)
    steps_k = sphere(even_KD).diff(dim=0).norm(dim=1)
    assert float(steps_k.max() / steps_k.min()) < 1.03
    torch.testing.assert_close(even_KD[[0, -1]], torch.stack([start, end]))


def test_a_path_from_a_place_to_itself_has_no_length() -> None:
    place = code(0.3, 0.4)
    assert path_length(sphere, shortest_path(sphere, place, place)) == 0.0
    assert torch.isfinite(evenly_along(sphere, straight_path(place, place), 5)).all()
