"""Bits of the references on the rasters that Likeness reads: Golden/bit-strings.txt."""

import sys

import imagehash
import numpy
import pdqhash
from PIL import Image

import pictures


def image(pixels):
    return Image.fromarray(pixels)


def bits_of(result):
    return numpy.packbits(result.hash.flatten()).tobytes().hex()


def phash(side, factor=4):
    return lambda pixels: (bits_of(imagehash.phash(image(pixels), side, factor)), None)


def whash(mode):
    return lambda pixels: (bits_of(imagehash.whash(image(pixels), 8, 256, mode)), None)


def pdq(pixels):
    bits, quality = pdqhash.compute(numpy.repeat(pixels[:, :, None], 3, 2))
    return numpy.packbits(bits.astype(numpy.uint8)).tobytes().hex(), quality


# Name, width, height, channels, function of the pixels, seeds of each kind of picture.
METHODS = [
    ("pdq", 64, 64, 1, pdq, range(6)),
    ("ahash", 8, 8, 1, lambda p: (bits_of(imagehash.average_hash(image(p))), None), range(4)),
    ("dhash", 18, 16, 1, lambda p: (bits_of(imagehash.dhash(image(p))), None), range(20)),
    ("phash", 32, 32, 1, phash(8), range(6)),
    ("phash-16", 64, 64, 1, phash(16), range(3)),
    ("phash-32", 128, 128, 1, phash(32), range(2)),
    ("phash-64", 256, 256, 1, phash(64), range(1)),
    ("phash-64x16", 1024, 1024, 1, phash(64, 16), range(1)),
    ("whash", 256, 256, 1, whash("haar"), range(3)),
    ("whash-db4", 256, 256, 1, whash("db4"), range(3)),
    # Smaller pictures, which are enlarged.
    ("whash", 72, 72, 1, whash("haar"), range(2)),
    ("whash", 256, 91, 1, whash("haar"), range(1)),
    ("whash-db4", 72, 72, 1, whash("db4"), range(2)),
    ("whash-db4", 91, 256, 1, whash("db4"), range(1)),
    ("whash-db4", 2, 3, 1, whash("db4"), range(1)),
    ("colorhash", 64, 64, 3, lambda p: (bits_of(imagehash.colorhash(image(p))), None), range(6)),
]

print("# Bits by ImageHash 4.3.2 (colorhash, whash, phash, dhash, ahash) and pdqhash 0.2.8 (pdq).")
print("# method kind seed width height channels checksum quality bits, bytes as numpy.packbits")
for name, width, height, channels, function, seeds in METHODS:
    # Of the largest raster two kinds are enough: a plain one and one full of ties.
    kinds = [pictures.picture, pictures.quartered] if width > 256 else pictures.KINDS
    for kind in kinds:
        for seed in seeds:
            pixels = pictures.draw(kind, seed, width, height, channels)
            bits, quality = function(pixels)
            print(
                name, kind.__name__, seed, width, height, channels,
                f"{pictures.checksum(pixels):016x}", "-" if quality is None else quality, bits)
