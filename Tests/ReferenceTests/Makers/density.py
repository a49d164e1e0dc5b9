"""Labels of scikit-learn's DBSCAN and of hdbscan: Golden/density.txt."""
import importlib.metadata

import hdbscan
import numpy as np
import sklearn
import sklearn.cluster
from hdbscan._hdbscan_linkage import label
from hdbscan._hdbscan_tree import compute_stability, condense_tree, get_clusters
from points import point_sets
from scipy.spatial.distance import pdist, squareform

RADII = {"digits": (19.5,), "blobs": (0.15, 0.3, 0.5), "moons": (0.05, 0.1, 0.15),
         "circles": (0.05, 0.08, 0.15)}
DENSITIES = [(5, 5, "eom"), (10, 3, "eom"), (15, 15, "eom"), (5, 5, "leaf"), (15, 3, "leaf")]


def renumbered(labels):
    """Clusters by their first rows, noise a point."""
    numbers = {-1: "."}
    return " ".join(str(numbers.setdefault(label, len(numbers) - 1)) for label in labels)


def spanning_tree(rows, samples):
    """The minimum spanning tree of mutual reachability, equal distances by the lower rows.

    hdbscan leaves the order of equals to numpy's unstable sort, and its algorithms to each other.
    """
    squared = squareform(pdist(rows, "sqeuclidean"))
    core = np.sort(squared, axis=1)[:, samples]
    reach = np.maximum(squared, np.maximum(core[:, None], core[None, :]))
    first, second = np.triu_indices(len(rows), 1)
    weights = reach[first, second]
    sets = list(range(len(rows)))

    def root(row):
        while sets[row] != row:
            sets[row] = sets[sets[row]]
            row = sets[row]
        return row

    edges = []
    for place in np.lexsort((second, first, weights)):
        a, b = root(first[place]), root(second[place])
        if a != b:
            sets[a] = b
            edges.append((first[place], second[place], np.sqrt(weights[place])))
            if len(edges) == len(rows) - 1:
                return np.array(edges, dtype=np.float64)


def write(name, size, samples, method, distance, labels, probabilities, persistences):
    # By first rows, as `renumbered` has them. With a split distance hdbscan counts a cluster's parts.
    order = [value for value in dict.fromkeys(labels) if value >= 0 and distance == 0]
    print("hdbscan", name, size, samples, method, repr(distance), repr(float(probabilities.sum())),
          *(repr(float(persistences[value])) for value in order))
    print(renumbered(labels))


version = importlib.metadata.version("hdbscan")
print(f"# Labels by scikit-learn {sklearn.__version__}'s DBSCAN and by hdbscan {version}")
print("# dbscan set radius samples core-rows, or hdbscan set size samples selection split-distance")
print("# probability-sum and, at split-distance 0, persistences; then a line of labels. hdbscan's tree is")
print("# given edges with equal distances by the lower rows")
for name, rows in point_sets():
    for radius in RADII[name]:
        for samples in (3, 6):
            found = sklearn.cluster.DBSCAN(
                eps=radius, min_samples=samples, algorithm="ball_tree").fit(rows)
            print("dbscan", name, radius, samples, len(found.core_sample_indices_))
            print(renumbered(found.labels_))
    for size, samples, method in DENSITIES[:2] if name == "digits" else DENSITIES:
        edges = spanning_tree(rows, samples)
        far = float(np.quantile(edges[:, 2], 0.9))
        for distance in (0.0, far) if samples == 3 else (0.0,):
            tree = condense_tree(label(edges), size)
            write(name, size, samples, method, distance, *get_clusters(
                tree, compute_stability(tree), method, cluster_selection_epsilon=distance))
