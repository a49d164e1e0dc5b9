"""Complex-wavelet SSIM over pyrtools' steerable pyramid: Golden/complex-wavelet.txt."""

import importlib.metadata
import itertools

import numpy
from pyrtools.pyramids import SteerablePyramidFreq

import pictures

SCALES, ORIENTATIONS, WINDOW, K = 4, 8, 7, 100


def bands(picture):
    """The coarsest bands, one an orientation."""
    pyramid = SteerablePyramidFreq(
        picture.astype(float), height=SCALES, order=ORIENTATIONS - 1, is_complex=True)
    return [pyramid.pyr_coeffs[SCALES - 1, orientation] for orientation in range(ORIENTATIONS)]


def means(values):
    """Means over all whole windows."""
    windows = numpy.lib.stride_tricks.sliding_window_view(values, (WINDOW, WINDOW))
    return windows.mean(axis=(2, 3))


def weights(side):
    """A Gaussian over the windows of a band, a quarter of its side wide; its sum is 1."""
    places = numpy.arange(side - WINDOW + 1)
    row = numpy.exp(-((places - places.mean()) ** 2) / (2 * (side / 4) ** 2))
    return numpy.outer(row, row) / row.sum() ** 2


def cwssim(first, second):
    total = 0
    for a, b in zip(first, second):
        upper = 2 * abs(means(a * b.conj())) + K
        lower = means(abs(a) ** 2 + abs(b) ** 2) + K
        total += (weights(len(a)) * upper / lower).sum()
    return total / ORIENTATIONS


print(f"# cwssim over the complex steerable pyramid of pyrtools {importlib.metadata.version('pyrtools')}:")
print(f"# {SCALES} scales, {ORIENTATIONS} orientations, windows of {WINDOW}x{WINDOW}, K {K}")
print("# measure seed kind kind checksum checksum similarity")
for seed in [0, 1]:
    drawn = {kind.__name__: pictures.draw(kind, seed, 128, 128, 1) for kind in pictures.KINDS}
    pyramids = {name: bands(picture) for name, picture in drawn.items()}
    for first, second in itertools.combinations_with_replacement(drawn, 2):
        a, b = drawn[first], drawn[second]
        sums = f"{pictures.checksum(a):016x} {pictures.checksum(b):016x}"
        print("cwssim", seed, first, second, sums, f"{cwssim(pyramids[first], pyramids[second]):.12g}")
