"""The working half of make-truth; runs inside its virtual environment."""
import argparse
import csv
import multiprocessing
import os
import pathlib
import random
import shutil
import sys

from changes import CHANGES, JPEG
from choice import candidates, opened, shows_something, shuffled

WORKERS = 2
SUFFIX = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}


def chosen(archives, count, seed):
    """So many pictures, one from each archive in turn while it has some: archive and path in it."""
    queues = []
    for archive in archives:
        paths = shuffled(candidates(archive), seed)
        with multiprocessing.Pool(WORKERS) as pool:
            flags = pool.map(
                shows_something, [os.path.join(archive, path) for path in paths], chunksize=8)
        queues.append([(archive, path) for path, flag in zip(paths, flags) if flag])
    order = [queue[turn] for turn in range(max(map(len, queues), default=0))
             for queue in queues if turn < len(queue)]
    if len(order) < count:
        sys.exit(f"make-truth: there are {len(order)} distinct pictures, and {count} are asked for;"
                 " name more archives, or lower --pictures or --distractors")
    return order[:count]


def save(picture, stem, format, options):
    if format == "JPEG":
        options = JPEG | options
    picture.save(str(stem) + SUFFIX[format], format, **options)
    return str(stem) + SUFFIX[format]


def write(task):
    """The files of one picture: rows of truth.csv."""
    archive, path, name, folder, seed, is_distractor = task
    picture, format = opened(os.path.join(archive, path))
    group = f"{os.path.basename(archive)}/{path}"
    format = format if format in ("JPEG", "PNG") else "PNG"
    if is_distractor:
        return [(save(picture, folder / "distractors" / name, format, {}), group, "distractor")]
    (folder / name).mkdir()
    rows = [(save(picture, folder / name / "original", format, {}), group, "original")]
    for change, alter in CHANGES.items():
        # By name, so that a new kind of change leaves the others as they were.
        changed, own_format, options = alter(picture, random.Random(f"{seed} {group} {change}"))
        file = save(changed, folder / name / change, own_format or format, options)
        rows.append((file, group, change))
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", type=int, default=150)
    parser.add_argument("--distractors", type=int, default=600)
    parser.add_argument("--into", required=True)
    parser.add_argument("archives", nargs="+")
    options = parser.parse_args()
    if len({os.path.basename(each) for each in options.archives}) < len(options.archives):
        sys.exit("make-truth: two archives have one name, by which groups are named; rename one")
    pictures = chosen(options.archives, options.pictures + options.distractors, options.seed)
    unfinished = pathlib.Path(options.into + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)  # of a run of this script that was stopped
    images = unfinished / "images"
    (images / "distractors").mkdir(parents=True)
    tasks = [(archive, path, f"{number + 1:04}", images, options.seed, number >= options.pictures)
             for number, (archive, path) in enumerate(pictures)]
    with multiprocessing.Pool(WORKERS) as pool:
        rows = [row for rows in pool.imap(write, tasks) for row in rows]
    with open(unfinished / "truth.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["path", "group", "change"])
        table.writerows((os.path.relpath(path, images), *rest) for path, *rest in rows)
    unfinished.rename(options.into)
    print(f"{options.pictures} pictures with {len(CHANGES)} altered copies each and "
          f"{options.distractors} distractors, {len(rows)} files:\n"
          f"  likeness run {options.into}/images --into {options.into}/run --floor 0.5\n"
          f"  likeness evaluate {options.into}/run --truth {options.into}/truth.csv")


if __name__ == "__main__":
    main()
