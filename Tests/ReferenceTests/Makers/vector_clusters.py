"""Clusters of the point sets by scikit-learn: Golden/vector-clusters.txt."""

from pathlib import Path

import numpy as np
import sklearn
from sklearn.cluster import AffinityPropagation, KMeans, SpectralClustering
from sklearn.mixture import GaussianMixture

COUNTS = {"digits": 10, "blobs": 5, "moons": 2, "circles": 2}


def point_sets():
    """The rows and groups of Golden/point-sets.txt."""
    lines = (Path(__file__).parent.parent / "Golden/point-sets.txt").read_text().split("\n")
    for number, line in enumerate(lines):
        if line.startswith("set "):
            name, (count, _, divisor) = line.split()[1], map(int, line.split()[2:])
            table = np.loadtxt(lines[number + 1 : number + 1 + count])
            yield name, table[:, 1:] / divisor, table[:, 0].astype(int)


class StartedMixture(GaussianMixture):
    """A mixture that starts from given clusters."""

    def __init__(self, groups, covariance_type):
        super().__init__(len(set(groups)), covariance_type=covariance_type)
        self.groups = groups

    def _initialize_parameters(self, rows, random_state, **_):
        self._initialize(rows, np.eye(self.n_components)[self.groups])


print(f"# Clusters by scikit-learn {sklearn.__version__}, a line each: the method, the set, then")
print("# lloyd, from the first rows as centers: iterations and inertia")
print("# kmeans, the best of ten starts: inertia")
print("# full, diag, mixtures from the groups: iterations, mean log-likelihood, BIC")
print("# spectral, over ten nearest neighbours: labels")
print("# affinity, of the first rows: how many, exemplars")
for name, rows, groups in point_sets():
    count = COUNTS[name]
    lloyd = KMeans(count, init=rows[:count], n_init=1).fit(rows)
    print("lloyd", name, lloyd.n_iter_, repr(float(lloyd.inertia_)))
    best = KMeans(count, n_init=10, random_state=0).fit(rows)
    print("kmeans", name, repr(float(best.inertia_)))
    for covariance in ["full", "diag"]:
        mixture = StartedMixture(groups, covariance).fit(rows)
        score, criterion = float(mixture.score(rows)), float(mixture.bic(rows))
        print(covariance, name, mixture.n_iter_, repr(score), repr(criterion))
    spectral = SpectralClustering(
        count, affinity="nearest_neighbors", n_neighbors=10, random_state=0
    ).fit(rows)
    print("spectral", name, *spectral.labels_)
    # On the circles the exemplars depend on the noise that parts ties, there as here.
    if name != "circles":
        affinity = AffinityPropagation(random_state=0).fit(rows[:500])
        print("affinity", name, len(rows[:500]), *sorted(affinity.cluster_centers_indices_))
