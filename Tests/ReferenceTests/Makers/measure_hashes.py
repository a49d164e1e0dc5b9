"""Distances between references on whole pictures and on their area means: scripts/measure-hashes."""

import collections
import functools
import os
import random
import sys

import imagehash
import numpy
import pdqhash
from PIL import Image, ImageOps

MAXIMUM_PIXELS = 9_000_000
Image.MAX_IMAGE_PIXELS = None


@functools.lru_cache(maxsize=256)
def mean_weights(count, side):
    """A matrix that takes `count` values to `side` means over equal shares, ends counted in part."""
    edges = numpy.arange(side + 1) * count / side
    low, high = edges[:-1, None], edges[1:, None]
    pixel = numpy.arange(count)[None, :]
    return numpy.clip(numpy.minimum(high, pixel + 1) - numpy.maximum(low, pixel), 0, None) / (
        count / side)


def area_mean(pixels, width, height):
    """8-bit means of the pixels, `height` x `width`, each channel on its own."""
    rows = mean_weights(pixels.shape[0], height)
    columns = mean_weights(pixels.shape[1], width)
    planes = pixels[:, :, None] if pixels.ndim == 2 else pixels
    means = [rows @ planes[:, :, c] @ columns.T for c in range(planes.shape[2])]
    means = numpy.floor(numpy.stack(means, 2) + 0.5).clip(0, 255).astype(numpy.uint8)
    return numpy.ascontiguousarray(means[:, :, 0] if pixels.ndim == 2 else means)


def load(path):
    """The picture upright, in RGB, on white where it is transparent; None if it is left out."""
    try:
        image = Image.open(path)
        if image.width * image.height > MAXIMUM_PIXELS or min(image.size) < 5:
            return None
        image = ImageOps.exif_transpose(image)
        if "A" in image.getbands() or "transparency" in image.info:
            image = image.convert("RGBA")
            ground = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(ground, image)
        return image.convert("RGB")
    except (OSError, SyntaxError, ValueError):
        return None


def pdq(pixels):
    if pixels.ndim == 2:
        pixels = numpy.repeat(pixels[:, :, None], 3, 2)
    return pdqhash.compute(pixels)


def image_hash(function, *arguments):
    return lambda image: function(image, *arguments).hash.flatten()


GRAY_METHODS = [
    ("ahash", 8, 8, image_hash(imagehash.average_hash)),
    ("dhash", 18, 16, image_hash(imagehash.dhash)),
    ("phash", 32, 32, image_hash(imagehash.phash)),
    ("phash-16", 64, 64, image_hash(imagehash.phash, 16)),
    ("phash-32", 128, 128, image_hash(imagehash.phash, 32)),
    ("phash-64", 256, 256, image_hash(imagehash.phash, 64)),
    ("whash", 256, 256, image_hash(imagehash.whash, 8, 256)),
    ("whash-db4", 256, 256, image_hash(imagehash.whash, 8, 256, "db4")),
]
PDQ_SIDES = [64, 128, 256, 320, 512]
COLOR_SIDES = [16, 32, 64, 128]


def measure(image, record):
    pixels = numpy.asarray(image)
    gray = numpy.asarray(image.convert("L")).astype(float)
    shorter = min(image.size)
    size = "up to 128" if shorter <= 128 else "129 to 256" if shorter <= 256 else (
        "257 to 512" if shorter <= 512 else "over 512")
    bits, quality = pdq(pixels)
    if quality >= 50:
        for side in PDQ_SIDES:
            distance = (pdq(area_mean(gray, side, side))[0] != bits).mean()
            record(f"pdq, raster {side}", distance)
            record(f"pdq, raster {side}, shorter side {size}", distance)
        # 1,344 is 64 times 21: the reference's windows are odd there and sit on the centres.
        centred = pdq(area_mean(gray, 1344, 1344))[0]
        record("pdq, raster 64, reference at 1344", (
            pdq(area_mean(gray, 64, 64))[0] != centred).mean())
        record("pdq, reference against itself at 1344", (bits != centred).mean())
    record("pdq, other side of quality 50", float(
        (quality < 50) != (pdq(area_mean(gray, 64, 64))[1] < 50)))
    for name, width, height, function in GRAY_METHODS:
        # Ours enlarges what is smaller as the reference does.
        if name.startswith("whash"):
            width, height = min(width, image.width), min(height, image.height)
        mean = Image.fromarray(area_mean(gray, width, height))
        record(name, (function(mean) != function(image)).mean())
    color = image_hash(imagehash.colorhash)
    for side in COLOR_SIDES:
        mean = Image.fromarray(area_mean(pixels.astype(float), side, side))
        record(f"colorhash, raster {side}", (color(mean) != color(image)).mean())


def main(folder, count):
    paths = sorted(
        os.path.join(parent, name)
        for parent, _, names in os.walk(folder) for name in names)
    random.Random(1).shuffle(paths)
    distances = collections.defaultdict(list)
    measured = 0
    for path in paths:
        image = None if os.path.islink(path) else load(path)
        if image is None:
            continue
        measure(image, lambda name, distance: distances[name].append(100 * distance))
        measured += 1
        if measured == count:
            break
    print(f"{measured} pictures of {folder}: share of bits that differ, in %")
    print(f"{'':46} {'n':>5} {'median':>7} {'mean':>7} {'p90':>7}")
    for name, values in sorted(distances.items()):
        print(
            f"{name:46} {len(values):5} {numpy.median(values):7.2f} {numpy.mean(values):7.2f}"
            f" {numpy.percentile(values, 90):7.2f}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200)
