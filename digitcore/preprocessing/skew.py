"""Estimate by which angle lines are turned out of the horizontal and vertical."""

from functools import cache
from typing import Final

import numpy as np

from digitcore.preprocessing.parameters import SkewParams
from digitcore.types import Float32Array, Float64Array, UInt8Array

_MAX_POINTS: Final = 3000
"""Bound of work: how many pixels are projected. A line of a tenth of the ink has 300 of them, in a few bins of its profile. They are chosen
at random, as every n-th would be a pattern of its own."""


def estimate_skew(strokes: UInt8Array, params: SkewParams = SkewParams()) -> float:
    """Estimate the skew of lines by the sharpness of their projection profiles (Postl 1986).

    For each angle θ, pixels are projected on both axes of the image turned by θ; the sharpness is the sum of the squared differences
    of neighbouring bins, S(θ) = Σᵢ (rᵢ₊₁(θ) − rᵢ(θ))² + Σⱼ (cⱼ₊₁(θ) − cⱼ(θ))², where rᵢ and cⱼ count the pixels of rows and columns.

    Args:
        strokes: uint8 `(H, W)`, not all zero.
        params: the parameters of the search.

    Returns:
        The angle of greatest sharpness in degrees: turning the image by it, counter-clockwise, makes its lines horizontal and vertical.

    Examples:
        >>> strokes = np.zeros((60, 80), np.uint8)
        >>> strokes[30] = 1
        >>> estimate_skew(strokes)
        0.0
    """
    indices = np.flatnonzero(strokes.view(np.bool_))
    if indices.size > _MAX_POINTS:
        indices = np.random.default_rng(0).choice(indices, _MAX_POINTS, replace=False, shuffle=False)
    points_yx = np.array(np.divmod(indices, strokes.shape[1]), np.float32)
    coarse_deg = _sharpest_angle(points_yx, *_projections(0, params.max_skew_deg, params.step_deg))
    return _sharpest_angle(points_yx, *_projections(coarse_deg, params.step_deg, params.step_deg / 2))


@cache
def _projections(middle_deg: float, reach_deg: float, step_deg: float) -> tuple[Float64Array, Float32Array]:
    """Compute the projections on the turned axes for angles around another.

    Returns:
        The angles in degrees, float64 `(K,)`; and the unit vectors, float32 `(2 K, 2)`, whose products with y and x are the rows, then
        the columns, of points turned by each angle.
    """
    angles_deg = np.arange(middle_deg - reach_deg, middle_deg + reach_deg + step_deg / 2, step_deg)
    cos, sin = np.cos(np.deg2rad(angles_deg)), np.sin(np.deg2rad(angles_deg))
    axes = np.concatenate([np.stack([cos, -sin], axis=1), np.stack([sin, cos], axis=1)])
    return angles_deg, axes.astype(np.float32)


def _sharpest_angle(points_yx: Float32Array, angles_deg: Float64Array, axes: Float32Array) -> float:
    """Find the angle at which the projection profiles of points, `(2, N)`, are sharpest, of the angles of some `_projections`."""
    projections = axes @ points_yx
    projections -= np.floor(projections.min()) - 1.5  # half a pixel rounds as the fraction is dropped; a bin on either side stays empty
    bin_count = int(projections.max()) + 2
    profiles = np.stack([np.bincount(bins, minlength=bin_count) for bins in projections.astype(np.int32)])
    steps = profiles[:, 1:] - profiles[:, :-1]
    sharpness = np.einsum("ij,ij->i", steps, steps).reshape(2, -1).sum(axis=0)
    return float(angles_deg[int(sharpness.argmax())])
