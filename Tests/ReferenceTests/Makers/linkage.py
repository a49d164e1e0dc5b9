"""Partitions of SciPy's linkage and fcluster: Golden/linkage.txt."""

import numpy
import scipy
from scipy.cluster.hierarchy import fcluster, linkage

MASK = (1 << 64) - 1


def split_mix(seed):
    """SplitMix64, as in the tests: the same similarities there and here, none stored."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = state
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
        yield mixed ^ mixed >> 31


def similarities(count, seed):
    """Of each pair, in 2^-42 steps: exact in both languages. Two thirds of the pairs are far."""
    numbers = split_mix(seed)
    values = []
    for _ in range(count * (count - 1) // 2):
        number = next(numbers)
        value = (number >> 24) / 2**40
        values.append(value if number % 3 == 0 else value / 4)
    assert len(set(values)) == len(values), "ties: take another seed"
    return numpy.array(values)


print(f"# Partitions by SciPy {scipy.__version__}: linkage, fcluster at distance 1 - threshold")
print("# linkage count seed threshold, then for each image the lowest number of its cluster")
for count, seed in [(2, 1), (7, 2), (20, 3), (60, 4), (200, 5)]:
    distances = 1 - similarities(count, seed)
    for method in ["single", "average", "complete"]:
        tree = linkage(distances, method)
        for threshold in [0.125, 0.25, 0.375, 0.5, 0.75, 0.875]:
            labels = fcluster(tree, 1 - threshold, "distance")
            lowest = [int(numpy.argmax(labels == label)) for label in labels]
            print(method, count, seed, threshold, *lowest)
