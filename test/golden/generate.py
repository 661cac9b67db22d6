"""Makes the golden vectors with real Keras. README.md tells the format and the comparison.

    python test/golden/generate.py                  write all files
    python test/golden/generate.py adam.json ...    write some
    python test/golden/generate.py --check          make them again and compare with the files
    python test/golden/generate.py --sensitivity    how far a faithful port may drift, against the tolerances
"""

import argparse
import sys

import pinning  # noqa: F401  (first: it sets what numpy reads when it is imported)

import checking
import configs
import encoding
import expectations
import inputs
import options_beyond
import plateau
import quasi_newton
import runner
import scheduled_options
import schedules
import sensitivity
import signatures
import small_states
import texts
import wrappers
from cases import FILES

TOLERANCE = 2e-6
# Weights below this are compared absolutely: near a zero crossing a last bit of the step is a large part of the weight.
FLOOR = 0.1
WIDER = {
    "muon.json": (
        1e-5,
        "Newton-Schulz multiplies what rounding leaves in the small singular values by up to 3.4 an iteration, "
        "and the order of sums in a matrix product differs by library",
    ),
    "soap.json": (5e-6, "eigenvectors of small eigenvalues have the rounding of the largest ones, and six products of matrices that of their sums"),
    "schedule-free-sgd.json": (5e-6, "gradients of 8000 are not normalized: a weight goes as far as 8 and comes back, with the roundings of that size"),
    **{
        name: (1e-5, "the estimate multiplies the steps of all variables: a last bit of it moves weights that travel several units, and the sums it comes from are of float32 products")
        for name in ("prodigy.json", "dadapt-adam.json")
    },
    **{
        name: (5e-6, "a step of a whole variable has the roundings of its norm and its scaled gradient, momentum sums them up, and the package rounds once")
        for name in ("lars.json", "stable-adamw.json")
    },
}
SIZE_LIMIT = 12_000_000


def _optimizer_document(name, streams):
    class_name, cases = FILES[name]
    tolerance, reason = WIDER.get(name, (TOLERANCE, None))
    return {
        "optimizer": class_name,
        "made": encoding.made(),
        **({"source": runner.BEYOND[class_name].SOURCE} if class_name in runner.BEYOND else {}),
        "tolerance": tolerance,
        **({"toleranceReason": reason} if reason else {}),
        "floor": FLOOR,
        "kerasDefaults": runner.keras_defaults(class_name),
        "cases": [runner.as_json(case, runner.run(class_name, case, streams[case["stream"]])) for case in cases],
    }


def _schedule_document():
    document, left_out = schedules.document()
    for case, steps in left_out.items():
        print(f"  left out: {case}, steps {steps}: a last bit of log or pow moves Keras itself")
    return document


def makers():
    """File name to a function that makes its document."""
    streams = inputs.make_streams()
    table = {
        "inputs.json": lambda: {"made": encoding.made(), "streams": {k: s.as_json() for k, s in streams.items()}},
        "schedules.json": _schedule_document,
        "scheduled-options.json": scheduled_options.document,
        "small-states.json": small_states.document,
        "options-beyond-keras.json": options_beyond.document,
        "plateau.json": plateau.document,
        "quasi-newton.json": quasi_newton.document,
        "wrappers.json": wrappers.document,
        "keras-expectations.json": expectations.document,
        "keras-configs.json": configs.document,
        "texts.json": texts.document,
        "signatures.json": signatures.document,
    }
    for name in FILES:
        table[name] = lambda name=name: _optimizer_document(name, streams)
    return table


def write(names):
    table = makers()
    for name in names or table:
        document = table[name]()
        encoding.write(name, document)
        print(f"{name}: {len(document.get('cases', document.get('streams')))}", flush=True)
    total = sum(path.stat().st_size for path in encoding.HERE.glob("*.json"))
    print(f"{total} bytes in all")
    return total <= SIZE_LIMIT


def check(names):
    table = makers()
    good = True
    for name in names or table:
        problems, moved = checking.compare(encoding.read(name), table[name]())
        good = good and not problems
        verdict = "; ".join(problems[:5]) if problems else "the same" if not moved else f"within tolerance, {moved} arrays not bit for bit"
        print(f"{name}: {verdict}", flush=True)
    return good


def report_sensitivity(names):
    streams = inputs.make_streams()
    good = True
    for name in names or FILES:
        class_name, cases = FILES[name]
        tolerance, _ = WIDER.get(name, (TOLERANCE, None))
        for case in cases:
            weights, state = sensitivity.measure(class_name, case, streams[case["stream"]], FLOOR)
            close = max(weights, state) > 0.75 * tolerance
            good = good and not close
            print(f"{name}: {case['id']}: weights {weights:.1e}, state {state:.1e}{'  TOO CLOSE' if close else ''}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--sensitivity", action="store_true")
    options = parser.parse_args()
    action = check if options.check else report_sensitivity if options.sensitivity else write
    return 0 if action(options.files) else 1


if __name__ == "__main__":
    sys.exit(main())
