"""Test pictures from a seed, in integers only: TestPicture.swift draws the same."""

import numpy

MASK = (1 << 64) - 1


class SplitMix64:
    """Steele, Lea and Flood 2014."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        return (self.next() >> 33) % bound


def flat(width, height, random):
    return numpy.full((height, width), random.below(256), numpy.int64)


def across(width, height, random):
    return numpy.tile(numpy.arange(width) * 255 // (width - 1), (height, 1))


def slope(width, height, random):
    y, x = numpy.mgrid[0:height, 0:width]
    return (x + 2 * y) * 255 // (width + 2 * height)


def noise(width, height, random):
    values = [random.below(256) for _ in range(width * height)]
    return numpy.array(values).reshape(height, width)


def checks(width, height, random):
    y, x = numpy.mgrid[0:height, 0:width]
    return (x * 8 // width + y * 8 // height) % 2 * 255


def picture(width, height, random):
    """Soft blobs, light and dark, and a little grain."""
    y, x = numpy.mgrid[0:height, 0:width]
    y, x = y * 1024 // height, x * 1024 // width
    value = numpy.full((height, width), 60 + random.below(120), numpy.int64)
    for _ in range(14):
        column, row = random.below(1024), random.below(1024)
        radius, strength = 60 + random.below(400), random.below(180)
        sign = 1 - 2 * random.below(2)
        square = (x - column) ** 2 + (y - row) ** 2
        rest = numpy.maximum(0, radius**2 - square)
        value += sign * (rest * strength // radius**2)
    grain = numpy.array([random.below(7) for _ in range(width * height)])
    return numpy.clip(value + grain.reshape(height, width) - 3, 0, 255)


def mirrored(width, height, random):
    """Left and right the same, so every second frequency is zero but for rounding."""
    value = picture(width, height, random)
    x = numpy.arange(width)
    return value[:, numpy.minimum(x, width - 1 - x)]


def quartered(width, height, random):
    """The same whichever way it is turned over: three of four frequencies are zero."""
    value = mirrored(width, height, random)
    y = numpy.arange(height)
    return value[numpy.minimum(y, height - 1 - y), :]


def posterised(width, height, random):
    return picture(width, height, random) // 64 * 85


def page(width, height, random):
    """Bars of text on plain white: most places are equal."""
    value = numpy.full((height, width), 255, numpy.int64)
    y, x = numpy.mgrid[0:height, 0:width]
    row, column = y * 64 // height, x * 64 // width
    for line in range(8):
        first, last = 6 + random.below(6), 30 + random.below(26)
        inside = (row == 8 + 5 * line) & (column >= first) & (column < last)
        value[inside] = 20
    return value


def inset(width, height, random):
    """A picture on a plain ground that takes more than half of the area."""
    value = picture(width, height, random)
    y, x = numpy.mgrid[0:height, 0:width]
    row, column = y * 8 // height, x * 8 // width
    outside = (row < 2) | (row > 5) | (column < 3) | (column > 6)
    return numpy.where(outside, 255, value)


def dark(width, height, random):
    return picture(width, height, random) // 40


KINDS = [
    flat, across, slope, noise, checks, picture, mirrored, quartered, posterised, page, inset, dark,
]


def draw(kind, seed, width, height, channels):
    """An array of uint8, height x width or height x width x 3."""
    planes = [
        kind(width, height, SplitMix64(seed * 16 + channel)) for channel in range(channels)
    ]
    pixels = planes[0] if channels == 1 else numpy.stack(planes, 2)
    # pdqhash reads memory in order whatever the strides: anything else is hashed transposed.
    return numpy.ascontiguousarray(pixels, numpy.uint8)


def checksum(pixels):
    """FNV-1a over the bytes, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in pixels.tobytes():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value
