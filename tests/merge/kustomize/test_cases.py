from __future__ import annotations

import pytest

from .cases import Case, built, cases, objects, site


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.title)
def test_a_build_gives_what_kustomize_gives(case: Case) -> None:
    ours, faults = built(site(case.files), case.root)
    if case.expected is None:
        assert faults
    else:
        assert not faults
        assert ours == objects(case.expected)
