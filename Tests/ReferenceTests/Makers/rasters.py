"""Similarities of rasters by scikit-image, OpenCV and NumPy: Golden/rasters.txt."""

import itertools

import cv2
import numpy
import skimage
from skimage.metrics import structural_similarity

import pictures


def ssim(a, b):
    return structural_similarity(a, b, win_size=7, data_range=255)


def mse(a, b):
    return 1000 / (1000 + numpy.mean((a.astype(float) - b.astype(float)) ** 2))


def tm(a, b):
    return 1 - float(cv2.matchTemplate(a, b, cv2.TM_SQDIFF_NORMED)[0, 0])


print(f"# ssim by scikit-image {skimage.__version__} structural_similarity (7x7 uniform window,")
print(f"# sample covariance), tm by OpenCV {cv2.__version__} matchTemplate TM_SQDIFF_NORMED, mse by")
print(f"# NumPy {numpy.__version__}: what is below 0 counts as 0")
print("# measure seed kind kind checksum checksum similarity")
for name, side, channels, function in [
    ("ssim", 64, 1, ssim), ("mse", 64, 1, mse), ("tm", 32, 3, tm), ("ssim-32", 32, 1, ssim),
    ("ssim-128", 128, 1, ssim), ("ssim-256", 256, 1, ssim),
]:
    for seed in [0, 1]:
        drawn = {
            kind.__name__: pictures.draw(kind, seed, side, side, channels)
            for kind in pictures.KINDS
        }
        for first, second in itertools.combinations_with_replacement(drawn, 2):
            a, b = drawn[first], drawn[second]
            sums = f"{pictures.checksum(a):016x} {pictures.checksum(b):016x}"
            print(name, seed, first, second, sums, f"{max(0, function(a, b)):.12g}")
