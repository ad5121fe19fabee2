"""Runs a target under atheris; what it learns is kept in build/fuzz/.

pip install atheris
python tests/endpoint/fuzz/fuzz_body.py -max_total_time=60
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def fuzz(name: str) -> None:
    """Fuzz one target until the time that is given, for instance -max_total_time=60, is over."""
    import atheris  # type: ignore[import-not-found]  # only for this

    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=["endpoint", "urllib.parse", "email"]):
        from targets import SEEDS, TARGETS
    learnt = ROOT / "build" / "fuzz" / name
    learnt.mkdir(parents=True, exist_ok=True)
    for place, seed in enumerate(SEEDS[name]):
        (learnt / f"seed-{place}").write_bytes(seed)
    artifacts = f"-artifact_prefix={learnt.parent}/{name}-"
    atheris.Setup([sys.argv[0], artifacts, *sys.argv[1:], str(learnt)], TARGETS[name])
    atheris.Fuzz()
