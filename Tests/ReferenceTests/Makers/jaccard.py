"""datasketch's estimates of Jaccard similarities: Golden/jaccard.txt."""

import datasketch

from pictures import SplitMix64


def cells(count, shared, seed):
    """Two sets of `count` cells of 1,024 with about `shared` of 16 in common."""
    random = SplitMix64(seed)
    first, second = set(), set()
    for _ in range(count):
        cell = random.below(1024)
        first.add(cell)
        second.add(cell if random.below(16) < shared else random.below(1024))
    return first, second


def sketch(cells):
    slots = datasketch.MinHash(num_perm=128, seed=1)
    for cell in sorted(cells):
        slots.update(cell.to_bytes(2, "little"))
    return slots


print(f"# Estimates by datasketch {datasketch.__version__} MinHash, 128 permutations")
print("# corners shared seed, cells in both, cells in one or both, estimate")
seed = 0
for count in [5, 20, 60, 100]:
    for shared in [0, 4, 8, 12, 14, 15, 16]:
        for _ in range(8):
            first, second = cells(count, shared, seed)
            estimate = sketch(first).jaccard(sketch(second))
            print(count, shared, seed, len(first & second), len(first | second), estimate)
            seed += 1
