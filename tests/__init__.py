"""The tests of gp."""

import pytest

# Contracts and builders are not named test_*.py: without this their asserts would fail without showing values.
pytest.register_assert_rewrite("tests.builders", "tests.contracts")
