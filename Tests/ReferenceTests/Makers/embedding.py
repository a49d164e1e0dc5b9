"""How well scikit-learn's PCA and t-SNE, and umap-learn, lay rows out: Golden/embedding.txt."""
import warnings

import numpy as np
import sklearn
import umap
from sklearn import datasets
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness

MASK = (1 << 64) - 1
warnings.filterwarnings("ignore", message="n_jobs value")

print(f"# Of scikit-learn {sklearn.__version__} and umap-learn {umap.__version__}, for sets of")
print("# point-sets.txt. axes: both principal axes. trustworthiness: of the layout by a method, at")
print("# 5 and 15 neighbours (tsne and umap: lowest of three seeds; random: points drawn from a seed)")


def split_mix(seed, count):
    """Numbers from 0 up to 1 with 24 bits: SplitMix64, as in the tests."""
    state, numbers = seed, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
        numbers.append(((mixed ^ mixed >> 31) >> 40) / 2**24)
    return numbers


def rounded(values, divisor):
    """As point_sets.py rounds them."""
    return np.rint(values * divisor) / divisor


def write(name, rows, method, layouts):
    for count in (5, 15):
        lowest = min(trustworthiness(rows, layout, n_neighbors=count) for layout in layouts)
        print("trustworthiness", name, method, count, f"{lowest:.9f}")


sets = {
    "digits": datasets.load_digits().data,
    "blobs": rounded(datasets.make_blobs(300, centers=5, cluster_std=0.6, random_state=3)[0], 1024),
    "moons": rounded(datasets.make_moons(300, noise=0.05, random_state=5)[0], 1024),
    "circles": rounded(datasets.make_circles(300, noise=0.03, factor=0.5, random_state=7)[0], 1024),
}
for name, rows in sets.items():
    axes = PCA(2, svd_solver="full").fit(rows).components_
    for axis in axes:
        axis *= np.sign(axis[np.argmax(np.abs(axis))])
        print("axes", name, *(f"{value:.9f}" for value in axis))
    write(name, rows, "random", [np.array(split_mix(len(rows), 2 * len(rows))).reshape(-1, 2)])
    write(name, rows, "pca", [(rows - rows.mean(axis=0)) @ axes.T])
    write(name, rows, "tsne", [
        TSNE(init="pca", perplexity=30, random_state=seed, n_jobs=1).fit_transform(rows)
        for seed in (1, 2, 3)])
    write(name, rows, "umap", [
        umap.UMAP(random_state=seed, n_jobs=1).fit_transform(rows) for seed in (1, 2, 3)])
