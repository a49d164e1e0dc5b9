"""CPU nanoseconds a pair of the program to compare with: raster-yardstick.py mse|tm|ssim ROWS

sgemm of 2,048 rows with 2,048 others for mse and tm, scikit-image on 1,000 random pairs for ssim.
"""
import sys
import time

import numpy

measure, path = sys.argv[1:]
rows = numpy.fromfile(path, numpy.uint8).reshape(-1, 3072 if measure == "tm" else 4096)
if measure == "ssim":
    from skimage.metrics import structural_similarity

    pairs = numpy.random.default_rng(1).integers(0, len(rows), (1000, 2))
    pictures = rows.reshape(-1, 64, 64)
    start = time.process_time()
    for a, b in pairs:
        structural_similarity(pictures[a], pictures[b], win_size=7, data_range=255)
    print((time.process_time() - start) / len(pairs) * 1e9)
else:
    count = min(2048, len(rows) // 2)
    a, b = (rows[k * count:(k + 1) * count].astype(numpy.float32) - 128 for k in (0, 1))
    a @ b.T
    start = time.process_time()
    a @ b.T
    print((time.process_time() - start) / count**2 * 1e9)
