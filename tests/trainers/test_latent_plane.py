"""The plane on the screen is that of the first two principal components, and does not flip."""

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.decomposition import PCA

from trainers.latent_plane import principal_plane, whole_plane


def codes(dimensions: int, seed: int = 0) -> npt.NDArray[np.float32]:
    random = np.random.default_rng(seed)
    scales_D = np.linspace(3, 0.5, dimensions)
    turn_DD, _ = np.linalg.qr(random.normal(size=(dimensions, dimensions)))
    return ((random.normal(size=(400, dimensions)) * scales_D) @ turn_DD + 5).astype(np.float32)


@pytest.mark.parametrize("dimensions", [3, 8, 64])
def test_it_is_the_plane_of_scikit_learn(dimensions: int) -> None:
    codes_ND = codes(dimensions)
    plane, pca = principal_plane(codes_ND), PCA(n_components=2).fit(codes_ND)
    np.testing.assert_allclose(plane.origin_D, pca.mean_, rtol=1e-5)
    axes_2D = np.asarray(pca.components_)
    signs_2 = np.sign((plane.axes_2D * axes_2D).sum(1, keepdims=True))
    np.testing.assert_allclose(plane.axes_2D, signs_2 * axes_2D, atol=1e-4)
    assert plane.explained == pytest.approx(pca.explained_variance_ratio_.sum(), rel=1e-4)
    np.testing.assert_allclose(plane.points(codes_ND), signs_2.T * pca.transform(codes_ND), atol=1e-3)


def test_points_and_codes_are_each_others_inverse_on_the_plane() -> None:
    plane = principal_plane(codes(6))
    points_N2 = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)
    codes_ND = plane.codes(points_N2)
    assert codes_ND.dtype == np.float32
    assert codes_ND.shape == (50, 6)
    np.testing.assert_allclose(plane.points(codes_ND), points_N2, atol=1e-5)
    np.testing.assert_allclose(plane.axes_2D @ plane.axes_2D.T, np.eye(2), atol=1e-6)
    assert not plane.is_whole_space


def test_signs_follow_the_plane_before() -> None:
    before = principal_plane(codes(5))
    for turned in (np.array([1, 1]), np.array([-1, 1]), np.array([1, -1]), np.array([-1, -1])):
        flipped = type(before)(
            origin_D=before.origin_D,
            axes_2D=(before.axes_2D * turned[:, None]).astype(np.float32),
            explained=before.explained,
        )
        after = principal_plane(codes(5) + np.float32(0.01), flipped)
        assert ((after.axes_2D * flipped.axes_2D).sum(1) > 0.99).all()


def test_two_dimensions_are_their_own_plane() -> None:
    plane = whole_plane()
    points_N2 = np.random.default_rng(0).normal(size=(9, 2)).astype(np.float32)
    assert plane.is_whole_space
    np.testing.assert_array_equal(plane.points(points_N2), points_N2)
    np.testing.assert_array_equal(plane.codes(points_N2), points_N2)


@pytest.mark.parametrize("codes_ND", [np.zeros((0, 4), np.float32), np.ones((1, 4), np.float32)])
def test_too_few_codes_give_the_plane_before_or_the_first_axes(codes_ND: npt.NDArray[np.float32]) -> None:
    assert principal_plane(codes_ND).axes_2D.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]
    before = principal_plane(codes(4))
    assert principal_plane(codes_ND, before) is before


def test_codes_all_alike_give_a_plane_all_the_same() -> None:
    plane = principal_plane(np.ones((10, 3), np.float32))
    assert np.isfinite(plane.axes_2D).all()
    assert plane.explained == 1.0
