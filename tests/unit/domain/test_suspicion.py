import pytest

from gpcore.domain.suspicion import is_suspect, vanished_attempts


@pytest.mark.parametrize(("returns", "vanished", "suspect"), [(0, 0, False), (2, 1, False), (3, 0, True), (0, 2, True)])
def test_a_delivery_is_suspected_after_three_returns_or_two_attempts_without_an_end(
    returns: int, vanished: int, suspect: bool
) -> None:
    assert is_suspect(returns=returns, vanished=vanished) is suspect


@pytest.mark.parametrize(("attempts", "failures", "vanished"), [(1, 0, 0), (3, 2, 0), (3, 0, 2), (4, 1, 2), (1, 5, 0)])
def test_only_attempts_whose_end_nobody_reported_have_vanished(attempts: int, failures: int, vanished: int) -> None:
    assert vanished_attempts(attempts, failures) == vanished
