"""Matches, transforms and similarities by OpenCV and NumPy: Golden/pair-measures.txt."""

import itertools

import cv2
import numpy

import pictures


def drawing(seed):
    """Rectangles and discs of any gray, 220 x 180: many corners."""
    random = pictures.SplitMix64(seed)
    image = numpy.full((180, 220), 128, numpy.uint8)
    for number in range(40):
        x, y, gray = random.below(220), random.below(180), random.below(256)
        size = 6 + random.below(30)
        if number % 2:
            cv2.rectangle(image, (x, y), (x + size, y + 8 + random.below(30)), gray, -1)
        else:
            cv2.circle(image, (x, y), size // 2, gray, -1)
    return cv2.GaussianBlur(image, (3, 3), 0.8)


def changed(image, scale, degrees):
    """Scaled and turned about its middle, on a sheet that holds it."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    matrix[:, 2] += 30
    return cv2.warpAffine(image, matrix, (width + 60, height + 60), borderValue=128)


def row_of(detector, image):
    points, descriptors = detector.detectAndCompute(image, None)
    records = [
        numpy.array([p.pt[0], p.pt[1], p.size, p.angle], "<f4").tobytes()
        + d.astype(numpy.uint8).tobytes()
        for p, d in zip(points, descriptors)
    ]
    return b"".join(sorted(records)[:60])


def parts(row, size):
    records = numpy.frombuffer(row, numpy.uint8).reshape(-1, size)
    heads = numpy.frombuffer(records[:, :16].tobytes(), "<f4").reshape(-1, 4)
    return heads[:, :2].astype(numpy.float32), numpy.ascontiguousarray(records[:, 16:])


def orb_matches(a, b):
    """Each the other's nearest: BFMatcher both ways, its cross check not being symmetric."""
    matcher = cv2.BFMatcher(cv2.NORM_HAMMING)
    back = {m.queryIdx: m.trainIdx for m in matcher.match(b, a)}
    return [
        (m.queryIdx, m.trainIdx)
        for m in matcher.match(a, b)
        if m.distance <= 50 and back[m.trainIdx] == m.queryIdx
    ]


def sift_matches(a, b):
    def passing(first, second):
        matcher = cv2.BFMatcher(cv2.NORM_L2)
        found = matcher.knnMatch(first.astype(numpy.float32), second.astype(numpy.float32), 2)
        return {(m.queryIdx, m.trainIdx) for m, n in found if m.distance < 0.7 * n.distance}

    back = {(j, i) for i, j in passing(b, a)}
    return sorted(passing(a, b) & back)


def transform_of(first, second, matches):
    """Scale, degrees and shift by RANSAC with 3 % of the longer side, "-" for too few matches."""
    if len(matches) < 8:
        return "- - - - -"
    source = numpy.array([first[i] for i, _ in matches])
    target = numpy.array([second[j] for _, j in matches])
    reach = max(second.max(0) - second.min(0))
    matrix, inliers = cv2.estimateAffinePartial2D(
        source, target, method=cv2.RANSAC, ransacReprojThreshold=0.03 * float(reach),
        maxIters=10000, confidence=0.9999)
    scale = numpy.hypot(matrix[0, 0], matrix[1, 0])
    degrees = numpy.degrees(numpy.arctan2(matrix[1, 0], matrix[0, 0])) % 360
    return " ".join(
        f"{v:.6g}" for v in (scale, degrees, matrix[0, 2], matrix[1, 2], int(inliers.sum())))


def strokes_row(seed):
    random = pictures.SplitMix64(seed)
    spread = random.below(3)
    edges = [random.below(900) * (random.below(9) > 0) / 4 for _ in range(6)]
    counts = numpy.array([random.below(20) ** (1 + spread) for _ in range(256)], numpy.float64)
    return numpy.concatenate([edges, counts / counts.sum()]).astype("<f4")


def strokes(a, b):
    a, b = a.astype(numpy.float64), b.astype(numpy.float64)
    low, high = numpy.minimum(a[:6], b[:6]), numpy.maximum(a[:6], b[:6])
    ratios = numpy.where(high == 0, 1, low / numpy.where(high == 0, 1, high))
    return min(1, numpy.minimum(a[6:], b[6:]).sum() / 2 + ratios.mean() / 2)


def segments_row(seed):
    """Segments of a few kinds with bits flipped, so that several fit one."""
    random = pictures.SplitMix64(seed)
    kinds = [pictures.SplitMix64(k).next() for k in range(5)]
    row = []
    for _ in range(1 + random.below(8)):
        bits = kinds[random.below(5)]
        for _ in range(random.below(16)):
            bits ^= 1 << random.below(64)
        row.append(bits)
    return numpy.array(row, "<u8")


def segments(a, b):
    """The largest matching by trying every assignment of the smaller's segments."""
    if len(a) > len(b):
        a, b = b, a
    fits = [[bin(int(x) ^ int(y)).count("1") <= 16 for y in b] for x in a]
    most = max(
        sum(fits[i][j] for i, j in enumerate(chosen))
        for chosen in itertools.permutations(range(len(b)), len(a)))
    return most / len(a)


print(f"# Matches by OpenCV {cv2.__version__} BFMatcher (orb: nearest both ways, at most 50; sift: ratio")
print("# .7 both ways), transforms by its estimateAffinePartial2D, similarities by NumPy")
print(f"# {numpy.__version__}; rows as they are kept.")
print("# row NAME bytes | matches MEASURE first second count scale degrees x y inliers")
print("# | similarity MEASURE first second value")
CHANGES = {"same": None, "half": (0.5, 0), "turned": (1, 37), "both": (0.75, 200)}
for measure, detector, size, match in [
    ("orb", cv2.ORB_create(60), 48, orb_matches), ("sift", cv2.SIFT_create(40), 144, sift_matches),
]:
    rows = {}
    for name, change in CHANGES.items():
        image = drawing(1)
        rows[f"{measure}-{name}"] = row_of(detector, changed(image, *change) if change else image)
    rows[f"{measure}-other"] = row_of(detector, drawing(2))
    for name, row in rows.items():
        print("row", name, row.hex())
    for first, second in itertools.combinations(rows, 2):
        (a, a_bits), (b, b_bits) = parts(rows[first], size), parts(rows[second], size)
        matches = match(a_bits, b_bits)
        print("matches", measure, first, second, len(matches), transform_of(a, b, matches))
for measure, draw, function in [
    ("brushstrokes", strokes_row, strokes), ("crophash", segments_row, segments),
]:
    rows = {f"{measure}-{seed}": draw(seed) for seed in range(8)}
    for name, row in rows.items():
        print("row", name, row.tobytes().hex())
    for first, second in itertools.combinations(rows, 2):
        value = function(rows[first], rows[second])
        print("similarity", measure, first, second, f"{value:.12g}")
