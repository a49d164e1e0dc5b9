"""The rows of Golden/point-sets.txt, which Makers/point_sets.py wrote."""
import pathlib

import numpy as np


def point_sets():
    """Name and rows of each set."""
    path = pathlib.Path(__file__).parent.parent / "Golden" / "point-sets.txt"
    lines = [line.split() for line in path.read_text().splitlines() if not line.startswith("#")]
    while lines:
        (_, name, count, _, divisor), lines = lines[0], lines[1:]
        rows = np.array([[float(value) for value in line[1:]] for line in lines[: int(count)]])
        yield name, rows / float(divisor)
        lines = lines[int(count) :]
