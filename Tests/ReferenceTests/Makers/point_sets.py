"""Rows to cluster: the digits of scikit-learn, and blobs, moons and circles in the plane."""
import numpy as np
import sklearn
from sklearn import datasets

print(f"# Data sets of scikit-learn {sklearn.__version__}; sets of points are rounded to 1/1024")
print("# A set's line: its name, rows, dimension, divisor. A row's line: its group, then its values,")
print("# whole numbers over the divisor")


def write(name, rows, groups, divisor):
    print("set", name, rows.shape[0], rows.shape[1], divisor)
    for row, group in zip(rows, groups):
        print(group, *(int(value) for value in np.rint(row * divisor)))


digits = datasets.load_digits()
write("digits", digits.data, digits.target, 1)
write("blobs", *datasets.make_blobs(300, centers=5, cluster_std=0.6, random_state=3), 1024)
write("moons", *datasets.make_moons(300, noise=0.05, random_state=5), 1024)
write("circles", *datasets.make_circles(300, noise=0.03, factor=0.5, random_state=7), 1024)
