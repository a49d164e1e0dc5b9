"""scikit-learn's scores of random partitions: Golden/cluster-agreement.txt."""

import sklearn
from sklearn import metrics
from sklearn.metrics.cluster import pair_confusion_matrix

MASK = (1 << 64) - 1


def split_mix(seed):
    """SplitMix64, as in the tests: the same partitions there and here, none stored."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = state
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
        yield mixed ^ mixed >> 31


def partitions(image_count, group_count, cluster_count, noise, seed):
    """Groups drawn at random; a cluster is its group's, but for `noise` of 16 images at random."""
    numbers = split_mix(seed)
    groups, clusters = [], []
    for _ in range(image_count):
        group, which, place = (next(numbers) for _ in range(3))
        groups.append(group % group_count)
        wrong = which % 16 < noise
        clusters.append((place if wrong else groups[-1]) % cluster_count)
    return groups, clusters


print(f"# Agreement of partitions by scikit-learn {sklearn.__version__}")
print("# images groups clusters noise seed, then pairs in both, in the group only, in the cluster")
print("# only, then adjusted Rand, adjusted mutual information, homogeneity, completeness, V-measure")
cases = [(2, 1, 2, 0, 1), (3, 2, 2, 8, 2), (10, 3, 4, 4, 3), (10, 10, 3, 16, 4)]
cases += [(100, groups, clusters, noise, 5 + noise)
          for groups, clusters in [(1, 5), (5, 1), (7, 7), (20, 60), (60, 20)]
          for noise in [0, 2, 8, 16]]
cases += [(3000, 150, 400, noise, 30 + noise) for noise in [1, 16]]
cases += [(20000, 4000, 5000, noise, 50 + noise) for noise in [0, 3, 16]]
for case in cases:
    groups, clusters = partitions(*case)
    (_, cluster_only), (group_only, both) = pair_confusion_matrix(groups, clusters) // 2
    scores = [score(groups, clusters) for score in [
        metrics.adjusted_rand_score, metrics.adjusted_mutual_info_score,
        metrics.homogeneity_score, metrics.completeness_score, metrics.v_measure_score]]
    print(*case, both, group_only, cluster_only, *(repr(float(score)) for score in scores))
