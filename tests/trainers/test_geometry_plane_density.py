"""Kernel densities beside their formula and beside scipy; the grid beside the functions that it holds."""

import numpy as np
import pytest
from scipy.stats import gaussian_kde, multivariate_normal

from trainers.geometry.plane_density import density, kernel_width
from trainers.geometry.plane_grid import PlaneGrid

RANDOM = np.random.default_rng(0)


def cloud(count: int, spread: float = 1.0) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return (spread * RANDOM.normal(size=(count, 2))).astype(np.float32)


def test_it_is_scipys_density() -> None:
    points_N2 = cloud(300)
    grid = PlaneGrid.around(points_N2, cells=60, margin=1.0)
    judge = gaussian_kde(points_N2.T.astype(np.float64))
    # scipy's kernel has the cloud's covariance, ours is round: the same once the cloud is made white.
    white_N2 = np.linalg.solve(np.linalg.cholesky(judge.covariance), points_N2.T).T.astype(np.float32)
    grid = PlaneGrid.around(white_N2, cells=60, margin=3.0)
    judge = gaussian_kde(white_N2.T.astype(np.float64), bw_method=1.0 / np.sqrt(np.cov(white_N2.T)[0, 0]))
    expected_RM = judge(grid.points_N2().T.astype(np.float64)).reshape(grid.rows, grid.columns)
    np.testing.assert_allclose(density(white_N2, grid, 1.0), expected_RM, rtol=2e-3, atol=1e-7)


def test_it_integrates_to_one() -> None:
    points_N2 = cloud(9000)
    grid = PlaneGrid.around(points_N2, cells=80, margin=2.0)
    assert density(points_N2, grid, 0.3).sum() * grid.cell**2 == pytest.approx(1.0, abs=1e-3)


def test_variances_make_it_the_mixture_of_posteriors() -> None:
    means_N2 = np.array([[0.0, 0.0], [2.0, -1.0]], np.float32)
    variances_N2 = np.array([[0.5, 0.1], [0.2, 0.9]], np.float32)
    grid = PlaneGrid.around(means_N2, cells=50, margin=3.0)
    places_n2 = grid.points_N2()
    expected_n = sum(
        0.5 * multivariate_normal(mean, np.diag(variance + 0.2**2)).pdf(places_n2)
        for mean, variance in zip(means_N2, variances_N2, strict=True)
    )
    found_RM = density(means_N2, grid, 0.2, variances_N2)
    np.testing.assert_allclose(found_RM.ravel(), expected_n, rtol=1e-3, atol=1e-7)


def test_the_kernel_is_scotts_for_a_normal_cloud_and_some_far_points_change_little() -> None:
    points_N2 = cloud(20_000)
    assert kernel_width(points_N2) == pytest.approx(20_000 ** (-1 / 6), rel=0.03)
    far_N2 = points_N2.copy()
    far_N2[:40] *= 500
    assert kernel_width(far_N2) == pytest.approx(kernel_width(points_N2), rel=0.03)
    assert kernel_width(points_N2[:1]) == 1.0


def test_a_grid_holds_its_points_in_square_cells() -> None:
    points_N2 = np.array([[-3.0, 1.0], [5.0, 2.0], [np.nan, 9.0]], np.float32)
    grid = PlaneGrid.around(points_N2, cells=20, margin=1.0)
    assert (grid.left, grid.bottom, grid.columns) == (-4.0, 0.0, 20)
    assert (grid.right, grid.top) == pytest.approx((6.0, 3.0))
    assert grid.points_N2().shape == (grid.rows * grid.columns, 2)
    np.testing.assert_allclose(grid.points_N2()[0], [-3.75, 0.25])
    with pytest.raises(ValueError, match="no point"):
        PlaneGrid.around(points_N2[2:], cells=20, margin=1.0)


def test_values_between_cells_are_bilinear_and_none_are_beyond_the_edge() -> None:
    grid = PlaneGrid(left=0.0, bottom=0.0, cell=1.0, rows=3, columns=4)
    x_RM, y_RM = np.meshgrid(grid.x_M, grid.y_R)
    values_RM = 2 * x_RM - 3 * y_RM + 7
    places_N2 = np.array([[0.5, 0.5], [1.7, 2.2], [3.49, 0.6], [-0.1, 1.0], [2.0, 3.2]], np.float32)
    expected = [*(2 * x - 3 * y + 7 for x, y in places_N2[:3].tolist()), 0.0, 0.0]
    np.testing.assert_allclose(grid.values_at(values_RM, places_N2), expected, rtol=1e-5)
    np.testing.assert_allclose(grid.values_at(values_RM, np.array([[0.1, 0.1]], np.float32)), [values_RM[0, 0]])
