"""Trees of SciPy's linkage, and what is read off them: Golden/hierarchy.txt."""
import numpy as np
import scipy
import sklearn
from points import point_sets
from scipy.cluster.hierarchy import cophenet, fcluster, leaves_list, linkage
from sklearn.cluster._agglomerative import _hc_cut

METHODS = ["ward", "single", "complete", "average", "weighted", "centroid", "median"]


def with_jitter(rows):
    """No two distances are equal then; the same in single and in double precision."""
    mixed = (np.arange(rows.size, dtype=np.uint64) * np.uint64(2654435761)) % np.uint64(1 << 32)
    return rows + (mixed >> np.uint64(22)).reshape(rows.shape).astype(float) / (1 << 18)


def lowest(labels):
    """The number of each row's cluster, clusters by their first rows."""
    numbers = {}
    return " ".join(str(numbers.setdefault(label, len(numbers))) for label in labels)


print(f"# Trees by SciPy {scipy.__version__}: linkage of the point sets with a jitter")
print("# Five lines a tree: set, linkage, suggested clusters; sum and nine samples of heights; sums over")
print("# i of (i % 101) times size, node, leaf and, of small sets, cophenetic distance; the labels of 10")
print(f"# clusters (scikit-learn {sklearn.__version__}); the height of a cut, and its labels' number of")
print("# clusters and sum of (i % 101) times label")
for name, rows in point_sets():
    rows = with_jitter(rows)
    for method in METHODS:
        tree = linkage(rows, method)
        heights = tree[:, 2]
        weights = lambda values: np.arange(len(values)) % 101
        total = lambda values: repr(float(np.sum(weights(values) * values)))
        # The second difference, from two clusters on.
        jumps = np.diff(heights, 2)[::-1][:24]
        print(name, method, int(np.argmax(jumps)) + 2)
        samples = np.linspace(0, len(heights) - 1, 9).astype(int)
        print(repr(float(heights.sum())), *(repr(float(heights[i])) for i in samples))
        print(
            total(tree[:, 3]), total(tree[:, 0] + 7 * tree[:, 1]), total(leaves_list(tree)),
            *([total(cophenet(tree))] if len(rows) < 1000 else []))
        print(lowest(_hc_cut(10, tree[:, :2].astype(int), len(rows))))
        # Just over a height, whose last bit is rounding's.
        cut = float(np.median(heights)) * (1 + 1e-9)
        labels = fcluster(tree, cut, "distance")
        numbers = np.array([int(number) for number in lowest(labels).split()])
        print(repr(cut), len(set(labels)), int(np.sum(weights(numbers) * numbers)))
