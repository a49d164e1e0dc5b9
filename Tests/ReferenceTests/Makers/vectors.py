"""Histograms of oriented gradients by scikit-image: Golden/vectors.txt."""

import skimage
from skimage.feature import hog

import pictures

print(f"# The descriptor of scikit-image {skimage.__version__} hog, 8 orientations, cells of 8 x 8,")
print("# blocks of 1 x 1, L2-Hys, of gray 128 x 128: its sum, and every 29th component")
print("# kind seed checksum sum components")
for kind in pictures.KINDS:
    for seed in [0, 1]:
        image = pictures.draw(kind, seed, 128, 128, 1)
        descriptor = hog(
            image, orientations=8, pixels_per_cell=(8, 8), cells_per_block=(1, 1),
            block_norm="L2-Hys",
        )
        assert descriptor.shape == (2048,)
        components = " ".join(f"{value:.6g}" for value in descriptor[::29])
        checksum = f"{pictures.checksum(image):016x}"
        print(kind.__name__, seed, checksum, f"{descriptor.sum():.8g}", components)
