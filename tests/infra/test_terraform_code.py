"""The Terraform code fits together: what terraform validate would see without any provider."""

import re
from typing import Any

import pytest

from tests.infra.hcl import TERRAFORM, local_values, module, modules, named, references, values

ENVIRONMENTS = sorted((TERRAFORM / "environments").glob("*.tfvars"))
SECRET = re.compile(r"token|password|secret|rabbitmq_url|redis_url", re.IGNORECASE)


@pytest.mark.parametrize("name", modules())
def test_every_variable_that_is_used_is_declared_and_the_other_way_round(name: str) -> None:
    used = {reference.split(".")[0] for reference in references(name, "var")}

    assert used == set(named(name, "variable"))


@pytest.mark.parametrize("name", modules())
def test_every_local_that_is_used_is_set_and_the_other_way_round(name: str) -> None:
    used = {reference.split(".")[0] for reference in references(name, "local")}

    assert used == set(local_values(name))


@pytest.mark.parametrize("name", [name for name in modules() if name])
def test_a_module_is_given_exactly_what_it_asks_for(name: str) -> None:
    given = set(named("", "module")[name]) - {"source", "count"}
    optional = {label for label, body in named(name, "variable").items() if "default" in body}

    assert given >= set(named(name, "variable")) - optional
    assert given <= set(named(name, "variable"))


def test_every_output_that_is_used_exists() -> None:
    for reference in references("", "module"):
        name, _, output = reference.partition(".")
        assert output == "" or output.split(".")[0] in named(name, "output"), reference


@pytest.mark.parametrize("name", modules())
def test_every_resource_that_is_referred_to_exists(name: str) -> None:
    declared = {
        f"{kind}.{label}"
        for sort in ("resource", "data")
        for block in module(name).get(sort, [])
        for kind, bodies in block.items()
        for label in bodies
    }
    used = {f"{kind}.{label}" for kind, label in re.findall(r"\b((?:aws|random)_\w+)\.(\w+)", _code(name))}

    assert used <= declared


def _code(name: str) -> str:
    lines = "\n".join(path.read_text() for path in sorted(modules()[name].glob("*.tf")))
    return re.sub(r'^\s*#.*$|"[^"$\n]*"', "", lines, flags=re.MULTILINE)


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_an_environment_sets_all_that_has_no_default_and_no_secret(path: Any) -> None:  # noqa: ANN401 - a Path
    # Which bot it is, Terraform asks.
    needed = {label for label, body in named("", "variable").items() if "default" not in body} - {"application_id"}
    given = values(path)

    assert needed <= set(given) <= set(named("", "variable"))
    assert given["environment"] == path.stem
    assert not [label for label in given if SECRET.search(label) and label != "with_bot_token"]


def test_every_variable_and_output_says_what_it_is() -> None:
    for name in modules():
        for kind in ("variable", "output"):
            assert [label for label, body in named(name, kind).items() if not body.get("description")] == []
