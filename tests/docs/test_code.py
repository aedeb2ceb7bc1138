"""Code in the pages that is marked as such runs, against a server, as it stands there."""

import pytest
from tests.conftest import RunningServer
from tests.docs import fences

ADDRESS = "http://127.0.0.1:4566"
MARKED = list(fences.every(mark="run", kind="python"))
PLAIN = [fence for fence in MARKED if fence.mark == "run"]
WITH_WEIGHTS = [fence for fence in MARKED if fence.mark == "run: weights"]


def name(fence: fences.Fence) -> str:
    return fence.where


@pytest.mark.parametrize("fence", PLAIN, ids=name)
def test_a_block_runs(fence: fences.Fence, server: RunningServer) -> None:
    fences.run(fence.code.replace(ADDRESS, server.url), fence.where)


@pytest.mark.weights
@pytest.mark.parametrize("fence", WITH_WEIGHTS, ids=name)
def test_a_block_that_needs_weights_runs(fence: fences.Fence, server: RunningServer) -> None:
    fences.run(fence.code.replace(ADDRESS, server.url), fence.where)


def test_every_mark_is_known() -> None:
    unknown = [
        fence.where
        for fence in fences.every()
        if fence.mark
        and fence.mark not in ("run", "run: weights")
        and not fence.mark.startswith(("file: ", "change: "))
    ]
    assert not unknown


def test_blocks_are_found_and_their_comments_are_checked() -> None:
    assert len(PLAIN) >= 5 and len(WITH_WEIGHTS) >= 2
    fences.run("x = 'A'\nx   # A", "here")
    with pytest.raises(AssertionError, match="gives 'A', not B"):
        fences.run("x = 'A'\nx   # B", "here")


@pytest.mark.parametrize("fence", fences.every(kind="python"), ids=name)
def test_every_block_is_python(fence: fences.Fence) -> None:
    compile(fence.code, fence.where, "exec")
