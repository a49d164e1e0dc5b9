"""The programs to compare vector methods with: vector-yardstick.py METHOD ROWS.npy CLUSTERS

Prints a line of JSON like BenchmarkSuite's. And vector-yardstick.py rows COUNT DIMENSION CLUSTERS SPREAD
INTO.npy writes rows around so many centers, in turn: both of normal distributions, centers SPREAD times as
wide.
"""
import json
import sys
import time

import numpy


def write_rows(count, dimension, clusters, spread, into):
    generator = numpy.random.default_rng(1)
    centers = spread * generator.standard_normal((clusters, dimension), numpy.float32)
    rows = generator.standard_normal((count, dimension), numpy.float32)
    numpy.save(into, rows + centers[numpy.arange(count) % clusters])


def kmeans(rows, clusters):
    from sklearn.cluster import KMeans
    method = KMeans(clusters, n_init=1, random_state=1)
    return lambda: method.fit(rows).inertia_, float


def ward(rows, clusters):
    from scipy.cluster.hierarchy import fcluster, linkage

    def run():
        tree = linkage(rows, "ward")
        fcluster(tree, clusters, "maxclust")
        return tree
    return run, lambda tree: tree[:, 2].sum()


def hdbscan(rows, clusters):
    from hdbscan import HDBSCAN
    # Exact, as ours; it takes no longer, and the approximation has other clusters.
    method = HDBSCAN(min_cluster_size=15, core_dist_n_jobs=1, approx_min_span_tree=False)
    return lambda: method.fit(rows).labels_, lambda labels: (labels < 0).sum()


def silhouette(rows, clusters):
    from sklearn.metrics import silhouette_score
    labels = numpy.arange(len(rows)) % clusters
    return lambda: silhouette_score(rows, labels), float


def tsne(rows, clusters):
    from sklearn.manifold import TSNE, trustworthiness
    method = TSNE(init="pca", random_state=1, n_jobs=1)
    return lambda: method.fit_transform(rows), \
        lambda points: trustworthiness(rows, points, n_neighbors=15)


def pca(rows, clusters):
    from sklearn.decomposition import PCA
    method = PCA(min(clusters, rows.shape[1]), random_state=1)

    def run():
        method.fit_transform(rows)
        return method.explained_variance_ratio_.sum()
    return run, float


if sys.argv[1] == "rows":
    write_rows(*map(int, sys.argv[2:6]), sys.argv[6])
    sys.exit()
name, path, clusters = sys.argv[1], sys.argv[2], int(sys.argv[3])
run, quality = globals()[name](numpy.load(path), clusters)
wall, cpu = time.perf_counter(), time.process_time()
result = run()
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps({"wallSeconds": wall, "cpuSeconds": cpu, "quality": float(quality(result))}))
