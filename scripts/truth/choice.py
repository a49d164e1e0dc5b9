"""Which pictures of an archive are taken: distinct ones, in which there is something to see."""
import collections
import hashlib
import os
import pathlib
import re

from PIL import Image, ImageOps, ImageStat

from changes import LONGER_SIDE

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}
LEAST_SIDE = 256  # pixels: a quarter of it is still a picture
MOST_PIXELS = 40_000_000  # two of these fit into a gigabyte
WIDEST = 3  # times as long as wide at most: strips have other troubles
LEAST_DEVIATION = 6  # gray levels: white on transparent is nothing on white
MOST_OF_A_FOLDER = 11
MOST_OF_AN_ARCHIVE = 450

Image.MAX_IMAGE_PIXELS = None  # sizes are looked at before anything is decoded


def opened(path):
    """The picture as an original: upright, on white, reduced, RGB; with the format of its file."""
    with Image.open(path) as file:
        format = file.format
        picture = ImageOps.exif_transpose(file)
        if picture.has_transparency_data:
            picture = picture.convert("RGBA")
            ground = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(ground, picture)
        picture = picture.convert("RGB")
    if max(picture.size) > LONGER_SIDE:
        picture.thumbnail((LONGER_SIDE, LONGER_SIDE), Image.Resampling.LANCZOS)
    return picture, format


def shows_something(path):
    try:
        picture, _ = opened(path)
    except (OSError, ValueError, SyntaxError):
        return False
    small = picture.convert("L").resize((64, 64), Image.Resampling.BOX)
    return ImageStat.Stat(small).stddev[0] >= LEAST_DEVIATION


def series(path):
    """Pictures of one folder whose names are equal up to the first digit are versions of one."""
    stem = os.path.splitext(os.path.basename(path))[0].lower()
    return os.path.dirname(path), re.split(r"[ _.+-]*[0-9]", stem)[0]


def alike():
    """Paths and folders that are left out: an archive's name, then the path in it."""
    lines = (pathlib.Path(__file__).parent / "alike.txt").read_text().splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def size(path):
    """Width and height; None where there is no picture that is taken."""
    if os.path.islink(path) or os.path.splitext(path)[1].lower() not in SUFFIXES:
        return None
    try:
        with Image.open(path) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError):
        return None
    fits = min(width, height) >= LEAST_SIDE and width * height <= MOST_PIXELS
    return (width, height) if fits and max(width, height) <= WIDEST * min(width, height) else None


def shuffled(paths, seed=""):
    """By a hash of their names: taking one out leaves the others in order."""
    return sorted(paths, key=lambda path: hashlib.sha256(f"{seed}{path}".encode()).digest())


def candidates(archive):
    """Pictures of an archive that may be taken, relative to it: the largest of each series."""
    left_out = alike()
    largest = {}
    for folder, _, names in os.walk(archive):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), archive)
            named = f"{os.path.basename(archive)}/{path}"
            if any(named == each or each.endswith("/") and named.startswith(each)
                   for each in left_out):
                continue
            sides = size(os.path.join(folder, name))
            if sides:
                rank = (-sides[0] * sides[1], path)
                key = series(path)
                largest[key] = min(rank, largest.get(key, rank))
    by_folder = collections.defaultdict(list)
    for _, path in largest.values():
        by_folder[os.path.dirname(path)].append(path)
    taken = []
    for paths in by_folder.values():
        taken += shuffled(paths)[:MOST_OF_A_FOLDER]
    return shuffled(taken)[:MOST_OF_AN_ARCHIVE]
