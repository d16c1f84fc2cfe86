"""A side-parted bob as strands: guides that fall over the skull, and locks of strands around them."""

import numpy as np

from mannerism.core.types import Array

STEPS = 22
PART_X = 2.2
SKULL_CENTRE = np.array([0.0, 4.2, -3.9])
SKULL_RADII = np.array([7.75, 8.9, 8.4])


def grow_hair(count: int, seed: int, head: Array) -> Array:
    """Strands (count, STEPS, 3) in the head frame, centimetres, roots on a dense head surface (N, 3)."""
    random = np.random.default_rng(seed)
    guides = _comb(_roots(420, head, random), random)
    return _off_face(_locks(_roots(count, head, random), guides, random))


def hairline(points: Array) -> Array:
    """Height (N,) above which hair grows: over the forehead, before the ears, down to the nape."""
    x, _, z = points.T
    line = np.interp(
        z, [-9.5, -7.0, -4.5, -2.2, -0.3, 1.2, 2.8, 4.2], [-6.0, -4.0, -0.5, 0.5, 4.2, 6.4, 7.4, 8.0]
    )
    return np.asarray(line - 0.25 * np.cos(x * 1.1))


def _side(roots: Array, random: np.random.Generator) -> Array:
    """1 left of the part, -1 right of it; close to it chance decides, which hides the scalp."""
    return np.sign(roots[:, 0] - PART_X + random.normal(0, 0.5, len(roots)))


def _off_face(strands: Array) -> Array:
    """Draw strands back that stray before the face: past the temples, into the rest of the hair."""
    _, y, z = np.moveaxis(strands, -1, 0)
    limit = np.interp(y, [-9.0, -2.0, 3.0, 4.4, 5.4, 6.5, 7.5], [0.6, -0.3, 0.6, 1.9, 3.6, 5.0, 9.0])
    drawn = strands.copy()
    drawn[..., 2] = np.minimum(z, limit)
    return drawn


def _roots(count: int, head: Array, random: np.random.Generator) -> Array:
    """Points of the scalp, spread evenly over directions from the middle of the skull."""
    scalp = head[(head[:, 1] > hairline(head)) & (head[:, 1] > -6.5)] - SKULL_CENTRE
    distance = np.linalg.norm(scalp, axis=1)
    scalp /= distance[:, None]
    roots = np.empty((0, 3))
    while len(roots) < count:
        direction = random.standard_normal((2000, 3))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        cosine = direction @ scalp.T
        nearest = cosine.argmax(1)
        place = SKULL_CENTRE + direction * distance[nearest, None]
        roots = np.concatenate([roots, place[cosine.max(1) > 0.999]])
    return roots[:count]


def _comb(roots: Array, random: np.random.Generator) -> Array:
    """Guides (G, STEPS, 3): from the part sideways and back, then down, inwards at their tips."""
    paths = [roots]
    point = roots.copy()
    side = _side(roots, random)[:, None]
    lift = random.uniform(0.35, 1.0, len(roots))[:, None]
    end = -8.8 + random.normal(0, 0.35, len(roots)) - 0.06 * (roots[:, 2] + 4)
    # Each guide gets steps of its own length, so that all tips meet the same line.
    length = np.maximum(np.abs(roots[:, 1] - end) + 2.5 + 0.45 * np.abs(roots[:, 0] - side[:, 0] * 8), 3.0)
    step = (length / (STEPS - 1))[:, None]
    for number in range(1, STEPS):
        share = number / (STEPS - 1)
        offset = point - SKULL_CENTRE
        normal = offset / SKULL_RADII**2
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        steep = np.clip(1.0 - normal[:, 1:2], 0.0, 1.0)
        # The larger half sweeps over the forehead before it goes back.
        fringe = (
            np.clip(roots[:, 1:2] - 6.8, 0, 1)
            * np.clip(roots[:, 2:] / 3.0, 0, 1)
            * (side < 0)
            * max(0.0, 1 - 3.0 * share)
        )
        combed = side * [1.0, 0.0, 0.0] + [0.0, 0.12, -0.7] + fringe * [0.0, -0.5, 0.45]
        direction = (1.0 - steep) * combed + steep * np.array([0.0, -1.25, 0.0])
        direction += np.where(point[:, 1:2] < -4.5, 0.28 * share, 0.0) * np.stack(
            [-np.sign(point[:, 0]), np.zeros(len(point)), np.zeros(len(point))], 1
        )
        # A face is no place for hair: in front of this line it is combed back.
        limit = np.interp(point[:, 1], [-9.0, -4.0, 1.0, 5.0, 8.0], [0.0, -0.9, -1.0, 0.6, 3.0])
        direction[:, 2] -= (
            (1.0 - fringe[:, 0]) * 0.9 * np.clip(point[:, 2] - limit, -0.1, 2.0) * (point[:, 1] < 8.5)
        )
        direction -= np.minimum((direction * normal).sum(1, keepdims=True), 0.0) * normal
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        point = point + step * direction
        away = 0.4 + 0.6 * np.clip(np.abs(point[:, :1] - PART_X) / 5.5, 0.0, 1.0)
        over_ears = 0.6 * np.clip((5.0 - point[:, 1:2]) / 4.0, 0.0, 1.0)
        point = _outside(point, (lift + over_ears) * away * min(1.0, 3.0 * share) + 0.12)
        paths.append(point)
    return np.stack(paths, axis=1)


def _outside(points: Array, lift: Array) -> Array:
    """Keep hair off the skull, more in the thick layers, and off the cheeks."""
    offset = points - SKULL_CENTRE
    radii = SKULL_RADII + lift
    below = np.minimum(offset[:, 1:2] / radii[:, 1:2], 0.0)
    # Below the widest part of the skull hair hangs straight: a cylinder, not a ball.
    flat = offset * [1.0, 0.0, 1.0] + np.where(offset[:, 1:2] > 0, offset * [0, 1, 0], 0 * offset)
    distance = np.linalg.norm(flat / radii, axis=1, keepdims=True)
    shrink = 1.0 - 0.10 * below**2
    scale = np.where(distance < shrink, shrink / np.maximum(distance, 1e-6), 1.0)
    return SKULL_CENTRE + np.where(flat != 0, offset * scale, offset)


def _locks(roots: Array, guides: Array, random: np.random.Generator) -> Array:
    """Strands that start at their own roots and draw together towards a guide's tip."""
    nearest = np.stack([np.linalg.norm(guides[:, 0] - root, axis=1).argsort()[:3] for root in roots])
    # Side to which a guide fell, measured halfway along it.
    fell = np.sign(guides[:, STEPS // 2, 0] - PART_X)
    own = np.where(fell[nearest] == _side(roots, random)[:, None], 1.0, 0.02)
    weight = own * random.uniform(0.2, 1.0, nearest.shape) ** 2
    weight /= weight.sum(1, keepdims=True)
    mixed = np.einsum("ng,ngsc->nsc", weight, guides[nearest] - guides[nearest][:, :, :1])
    main = guides[nearest[np.arange(len(roots)), weight.argmax(1)]]
    share = np.linspace(0, 1, STEPS)[None, :, None]
    clump = 0.75 * share**1.2
    strands = (roots[:, None] + mixed) * (1 - clump) + main * clump
    spread = random.normal(0, 0.16, (len(roots), 1, 3)) * (0.3 + 0.7 * share)
    phase = random.uniform(0, 2 * np.pi, (len(roots), 1))
    wave = 0.05 * np.sin(share[..., 0] * random.uniform(6, 14, (len(roots), 1)) + phase)
    strands = strands + spread + wave[..., None] * [1.0, 0.0, 1.0] * share
    keep = random.uniform(0.88, 1.0, (len(roots), 1))
    return _shorten(strands, keep)


def _shorten(strands: Array, keep: Array) -> Array:
    """Cut each strand to a share of its length, by resampling."""
    at = np.linspace(0, 1, STEPS)[None] * keep * (STEPS - 1)
    low = np.minimum(at.astype(int), STEPS - 2)
    part = (at - low)[..., None]
    rows = np.arange(len(strands))[:, None]
    return (1 - part) * strands[rows, low] + part * strands[rows, low + 1]
