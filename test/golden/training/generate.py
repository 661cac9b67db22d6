"""Makes the training vectors with real Keras. README.md tells the formats and the comparison.

    python test/golden/training/generate.py                    write all files
    python test/golden/training/generate.py layers.json ...    write some
    python test/golden/training/generate.py --check            make them again and compare with the files
    python test/golden/training/generate.py --sensitivity      compare the files with the same cases in float64
"""

import argparse
import json
import sys
import warnings

import jax_pinning  # first: it sets what JAX and Keras read when they are imported

import digits
import initializer_vectors
import layer_vectors
import loss_vectors
import metric_vectors
import model_configs
import model_texts
import training_vectors
import upstream_fixes
from comparing import allowed, differences
from encoding import to_text

upstream_fixes.apply()

FILES = {
    "layers.json": layer_vectors.document,
    "losses.json": loss_vectors.document,
    "metrics.json": metric_vectors.document,
    "initializers.json": initializer_vectors.document,
    "model-configs.json": model_configs.document,
    "model-texts.json": model_texts.document,
    "digits.json": digits.document,
    "training.json": training_vectors.document,
}
# Those that hold no results have nothing to drift.
WITHOUT_RESULTS = {"model-configs.json", "digits.json"}
SIZE_LIMIT = 6_000_000
FILE_LIMIT = 1_500_000


def write(names):
    for name in names or FILES:
        document = FILES[name]()
        (jax_pinning.FOLDER / name).write_text(to_text(document))
        print(f"{name}: {len(document.get('cases', []))} cases, {(jax_pinning.FOLDER / name).stat().st_size} bytes", flush=True)
    sizes = [path.stat().st_size for path in jax_pinning.FOLDER.glob("*.json")]
    print(f"{sum(sizes)} bytes in all")
    return sum(sizes) <= SIZE_LIMIT and max(sizes) <= FILE_LIMIT


def check(names, part=1.0):
    """`part`: how much of the tolerance may be used up."""
    good = True
    for name in names or FILES:
        stored = json.loads((jax_pinning.FOLDER / name).read_text())
        fresh = json.loads(to_text(FILES[name]()))
        found = list(differences(stored, fresh))
        bad = [(path, far) for path, far in found if far is None or far > part * allowed(stored, path)]
        good = good and not bad
        worst = max((far for _, far in found if far is not None), default=0.0)
        print(f"{name}: {'the same' if not found else f'{len(found)} not bit for bit, at most {worst:.1e} apart'}", flush=True)
        for path, far in bad[:40]:
            print(f"  {path}: {'differs' if far is None else f'{far:.1e}'}")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--sensitivity", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    if options.sensitivity:
        return 0 if check(options.files or [name for name in FILES if name not in WITHOUT_RESULTS], 0.75) else 1
    return 0 if (check if options.check else write)(options.files) else 1


if __name__ == "__main__":
    sys.exit(main())
