"""What scikit-learn and SciPy say of clusterings and distances: Golden/evaluation.txt."""
import itertools
import pathlib

import numpy as np
import scipy
import sklearn
from scipy import optimize, stats
from scipy.spatial.distance import pdist
from sklearn import metrics

MASK = (1 << 64) - 1
POINT_SETS = pathlib.Path(__file__).parent.parent / "Golden" / "point-sets.txt"


def split_mix(seed):
    """SplitMix64, as in the tests: the same labels and references there and here, none stored."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = state
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
        yield mixed ^ mixed >> 31


def point_set(name):
    """Rows as the tests have them, in single precision, and their groups."""
    lines = POINT_SETS.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"set {name} "))
    count, _, divisor = (int(field) for field in lines[start].split()[2:])
    table = np.array([line.split() for line in lines[start + 1:start + 1 + count]], float)
    return (table[:, 1:] / divisor).astype(np.float32).astype(float), table[:, 0].astype(int)


def labels(groups, cluster_count, wrong, noise, seed):
    """A row's cluster is its group's, but for `wrong` of 16 at random, and `noise` of 16 in none."""
    numbers = split_mix(seed)
    result = []
    for group in groups:
        which, place, outside = (next(numbers) for _ in range(3))
        cluster = (place if which % 16 < wrong else int(group)) % cluster_count
        result.append(-1 if outside % 16 < noise else cluster)
    return np.array(result)


def write_scores(name, *choice):
    rows, groups = point_set(name)
    found = labels(groups, *choice)
    x, found = rows[found >= 0], found[found >= 0]
    distances = np.zeros(len(x))
    for cluster in set(found):
        members = found == cluster
        distances[members] = np.linalg.norm(x[members] - x[members].mean(axis=0), axis=1)
    values = metrics.silhouette_samples(x, found)
    scores = [values.mean(), metrics.davies_bouldin_score(x, found),
              metrics.calinski_harabasz_score(x, found), (distances**2).sum(), distances.mean()]
    print("scores", name, *choice, *(repr(float(score)) for score in [*scores, *values[::25]]))


def slabs(x, count):
    """Clusters of equal width along the first axis."""
    low, high = x[:, 0].min(), x[:, 0].max()
    return np.minimum((count * ((x[:, 0] - low) / (high - low))).astype(int), count - 1)


def inertia(x, found):
    return sum(((x[found == k] - x[found == k].mean(axis=0))**2).sum() for k in set(found))


def write_gaps(name, counts, reference_count, seed):
    """Tibshirani, Walther and Hastie's definition, with the random numbers of the tests."""
    rows, _ = point_set(name)
    numbers = split_mix(seed)
    low, high = rows.min(axis=0), rows.max(axis=0)
    logs = []
    for _ in range(reference_count):
        uniform = np.array([(next(numbers) >> 11) * 2.0**-53 for _ in range(rows.size)])
        x = (low + uniform.reshape(rows.shape) * (high - low)).astype(np.float32).astype(float)
        logs.append([np.log(inertia(x, slabs(x, count))) for count in counts])
    logs = np.array(logs)
    gaps = logs.mean(axis=0) - [np.log(inertia(rows, slabs(rows, count))) for count in counts]
    errors = logs.std(axis=0) * np.sqrt(1 + 1 / reference_count)
    ends = zip(counts, gaps, gaps[1:], errors[1:])
    suggested = next((k for k, gap, after, error in ends if gap >= after - error), counts[-1])
    print("gaps", name, reference_count, seed, suggested,
          *(repr(float(value)) for value in [*gaps, *errors]))


def weibull(x):
    """The fit of largest likelihood; SciPy's own search stops four digits before."""
    logs = np.log(x)

    def slope(shape):
        powers = (x / x.max())**shape
        return (powers * logs).sum() / powers.sum() - 1 / shape - logs.mean()

    shape = optimize.brentq(slope, 1e-2, 1e3, xtol=1e-14, rtol=1e-15)
    scale = x.max() * np.mean((x / x.max())**shape)**(1 / shape)
    ours = stats.weibull_min.logpdf(x, shape, 0, scale).sum()
    assert ours >= stats.weibull_min.logpdf(x, *stats.weibull_min.fit(x, floc=0)).sum() - 1e-9
    return shape, scale


def write_fits(name, row_count):
    """All pairs of the first rows: parameters, distance to the sample's, p-values."""
    x = np.sort(pdist(point_set(name)[0][:row_count]))
    assert x[0] > 0
    sigma, _, scale = stats.lognorm.fit(x, floc=0)
    shape, _, theta = stats.gamma.fit(x, floc=0)
    k, width = weibull(x)
    fits = [("normal", stats.norm(*stats.norm.fit(x)), stats.norm.fit(x)),
            ("log-normal", stats.lognorm(sigma, 0, scale), (np.log(scale), sigma)),
            ("gamma", stats.gamma(shape, 0, theta), (shape, theta)),
            ("weibull", stats.weibull_min(k, 0, width), (k, width))]
    for family, fit, parameters in fits:
        largest = stats.kstest(x, fit.cdf).statistic
        values = [*parameters, largest, *fit.cdf(x.mean() * np.array(PLACES))]
        print("fit", name, row_count, family, *(repr(float(value)) for value in values))


PLACES = [0.05, 0.25, 0.5, 0.9, 1, 1.1, 1.5, 3]
print(f"# scikit-learn {sklearn.__version__} and SciPy {scipy.__version__} on sets of point-sets.txt")
print("# scores SET clusters wrong noise seed: mean silhouette, Davies-Bouldin, Calinski-Harabasz,")
print("#   inertia, distortion, then the silhouette of every 25th row that is in a cluster")
print("# gaps SET references seed suggested: gaps, then errors, of 1, 2, ... slabs")
print("# fit SET rows family: two parameters, the statistic of Kolmogorov and Smirnov, then P(D <= d) for")
print("#   d of", *PLACES, "times the mean distance")
print("# discovery count seed: p-values corrected by Benjamini and Hochberg")
for choice in [("digits", 10, 0, 0, 1), ("digits", 10, 4, 2, 2), ("digits", 3, 1, 0, 3),
               ("digits", 700, 16, 1, 4), ("blobs", 5, 0, 0, 5), ("blobs", 5, 2, 3, 6),
               ("blobs", 60, 16, 0, 7), ("moons", 2, 0, 0, 8), ("moons", 2, 3, 8, 9),
               ("circles", 2, 0, 0, 10), ("circles", 4, 8, 1, 11)]:
    write_scores(*choice)
write_gaps("blobs", range(1, 9), 7, 1)
write_gaps("moons", range(1, 9), 12, 2)
for name, row_count in itertools.product(["digits", "blobs", "circles"], [25, 60]):
    write_fits(name, row_count)
for count, seed in [(1, 1), (7, 2), (40, 3)]:
    numbers = split_mix(seed)
    values = [((next(numbers) >> 11) * 2.0**-53)**4 for _ in range(count)]
    print("discovery", count, seed,
          *(repr(float(value)) for value in stats.false_discovery_control(values)))
