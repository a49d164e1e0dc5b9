"""Rasters of real pictures for scripts/bench-rasters: raster-rows.py FOLDER COUNT INTO

Writes INTO/gray.bin, rows of 64x64, and INTO/colour.bin, rows of 32x32x3: area means by Pillow,
transparency on white, of COUNT pictures in an order drawn from a seed.
"""
import pathlib
import random
import sys

import numpy
from PIL import Image

Image.MAX_IMAGE_PIXELS = 50_000_000


def picture(path):
    image = Image.open(path)
    image.draft("RGB", (128, 128))
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def row(image, side):
    return numpy.asarray(image.resize((side, side), Image.BOX)).tobytes()


folder, count, into = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
kinds = {".png", ".jpg", ".jpeg", ".webp"}
paths = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in kinds)
stamp = f"{folder} {count} {len(paths)}"
if (into / "made-of").exists() and (into / "made-of").read_text() == stamp:
    sys.exit()
random.Random(1).shuffle(paths)
made = 0
with open(into / "gray.bin", "wb") as gray, open(into / "colour.bin", "wb") as colour:
    for path in paths:
        if made == count:
            break
        try:
            image = picture(path)
        except Exception as error:  # whatever Pillow makes of a damaged file
            print(f"{path}: left out: {error}", file=sys.stderr)
            continue
        gray.write(row(image.convert("L"), 64))
        colour.write(row(image, 32))
        made += 1
if made < count:
    sys.exit(f"{folder}: only {made} pictures; ask for fewer with --rows")
(into / "made-of").write_text(stamp)
