"""Writes the handwritten digits that come with scikit-learn as an archive with known answers:
$(scripts/reference-python) scripts/digits.py FOLDER

FOLDER/images gets 1,797 PNG files of 8 by 8 pixels, FOLDER/truth.csv which digit each is, for
'likeness evaluate RUN --truth FILE'.
"""
import pathlib
import sys

import PIL.Image
import sklearn.datasets


def main(folder):
    digits = sklearn.datasets.load_digits()
    (folder / "images").mkdir(parents=True)
    rows = ["path,group,change"]
    for number, (picture, digit) in enumerate(zip(digits.images, digits.target)):
        name = f"{number:04}.png"
        PIL.Image.fromarray((picture * 255 / 16).astype("uint8")).save(folder / "images" / name)
        rows.append(f"{name},{digit},original")
    (folder / "truth.csv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
