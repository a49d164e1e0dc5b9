"""Descriptors of the references on drawn pictures: Golden/descriptors.txt."""

import cv2
import imagehash
import numpy
from PIL import Image

import pictures

# The processor's basic instructions on one thread, as Likeness uses OpenCV.
cv2.setUseOptimized(False)
cv2.setNumThreads(1)

LIMIT = 500


def key_points(finder):
    """The strongest 500 records, ties and order by x, y, size, angle, bytes."""

    def row(pixels):
        points, descriptors = finder.detectAndCompute(pixels, None)
        records = []
        for index, point in enumerate(points):
            place = numpy.array([*point.pt, point.size, point.angle], "<f4")
            number = descriptors[index].astype(numpy.uint8)
            assert (number == descriptors[index]).all()
            order = (*place.tolist(), number.tobytes())
            records.append((-point.response, order, place.tobytes() + number.tobytes()))
        records = sorted(records)[:LIMIT]
        return [record for _, _, record in sorted(records, key=lambda record: record[1])]

    return row


def minhash(pixels):
    """The cells of the corners, strongest first, two bytes each."""
    height, width = pixels.shape
    corners = cv2.goodFeaturesToTrack(
        pixels, 100, 0.01, 0, blockSize=2, useHarrisDetector=True, k=0.04)
    corners = [] if corners is None else corners.reshape(-1, 2).astype(int).tolist()
    cells = [y * 32 // height * 32 + x * 32 // width for x, y in corners]
    return [cell.to_bytes(2, "little") for cell in cells]


def brushstrokes(pixels):
    """Six deviations and 256 fractions, four bytes each."""
    outputs = [
        cv2.Canny(pixels, 100, 200),
        cv2.Sobel(pixels, cv2.CV_64F, 1, 0, ksize=5),
        cv2.Sobel(pixels, cv2.CV_64F, 0, 1, ksize=5),
        cv2.Laplacian(pixels, cv2.CV_64F),
        cv2.Scharr(pixels, cv2.CV_64F, 1, 0),
        cv2.Scharr(pixels, cv2.CV_64F, 0, 1),
    ]
    histogram = numpy.bincount(pixels.ravel(), minlength=256) / pixels.size
    values = [numpy.std(output) for output in outputs] + histogram.tolist()
    return [numpy.array(value, "<f4").tobytes() for value in values]


def crophash(pixels):
    """The bits of each segment, eight bytes each."""
    hashes = imagehash.crop_resistant_hash(Image.fromarray(pixels)).segment_hashes
    return [numpy.packbits(one.hash.flatten()).tobytes() for one in hashes]


def fnv(data):
    return pictures.checksum(numpy.frombuffer(data, numpy.uint8))


METHODS = [
    ("minhash", minhash), ("brushstrokes", brushstrokes), ("crophash", crophash),
    ("orb", key_points(cv2.ORB_create(LIMIT))), ("sift", key_points(cv2.SIFT_create(LIMIT))),
]
CASES = [(kind, seed, 160, 120) for kind in pictures.KINDS for seed in [0]]
CASES += [(kind, seed, 97, 211) for kind in pictures.KINDS for seed in [1]]
CASES += [(kind, 2, 512, 384) for kind in [pictures.noise, pictures.posterised]]

print(f"# minhash, brushstrokes, orb, sift by OpenCV {cv2.__version__} (goodFeaturesToTrack, Canny,")
print("# Sobel, Laplacian, Scharr, ORB, SIFT), crophash by ImageHash 4.3.2 crop_resistant_hash")
print("# method kind seed width height checksum records checksum, then the first records in")
print("# hexadecimal: minhash's are cells of corners, strongest first, brushstrokes' are floats")
for kind, seed, width, height in CASES:
    pixels = pictures.draw(kind, seed, width, height, 1)
    if (pixels == pixels[0, 0]).all():
        continue  # of one colour: nothing in it, by our definition
    for name, method in METHODS:
        records = method(pixels)
        shown = 6 if name == "brushstrokes" else 20 if name == "crophash" else 1
        print(
            name, kind.__name__, seed, width, height, f"{pictures.checksum(pixels):016x}",
            len(records), f"{fnv(b''.join(records)):016x}",
            *[record.hex() for record in records[:shown]])
