"""What each package may import, as lists of what is allowed: a new import has to be entered here on purpose.

Layers, independence and cycles are import-linter's contracts in pyproject.toml.
"""

import sys

import grimp
import pytest

OURS = frozenset({"gpcore", "gpadapters", "gprunner"})

DOMAIN_STANDARD_LIBRARY = frozenset(
    {
        "__future__",
        "abc",
        "base64",
        "binascii",
        "bisect",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "inspect",
        "itertools",
        "json",
        "keyword",
        "math",
        "numbers",
        "operator",
        "re",
        "string",
        "struct",
        "textwrap",
        "types",
        "typing",
        "unicodedata",
        "urllib",
        "uuid",
        "zlib",
    },
)
"""Deterministic modules: no asyncio, clock, randomness, I/O or logging.

The functions of datetime and uuid that are not are banned in src/gpcore/ruff.toml.
"""

THIRD_PARTY_OF_EVERY_ADAPTER = frozenset({"typing_extensions"})

THIRD_PARTY_BY_ADAPTER = {
    # yarl is how aiohttp takes an address.
    "discord": frozenset({"aiohttp", "httpx", "yarl"}),
    "memory": frozenset[str](),
    "observability": frozenset({"prometheus_client"}),
    # yarl is how aio-pika and aiormq take an address.
    "rabbitmq": frozenset({"aio_pika", "aiormq", "pamqp", "yarl"}),
    "redis": frozenset({"hiredis", "redis"}),
    "simulator": frozenset({"aiohttp"}),
    "system": frozenset[str](),
    "tracing": frozenset({"opentelemetry"}),
    "wire": frozenset({"pydantic", "pydantic_core"}),
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("gpcore", "gpadapters", "gprunner", include_external_packages=True, cache_dir=None)


def _modules_within(graph: grimp.ImportGraph, package: str) -> set[str]:
    return {package} | graph.find_descendants(package)


def _foreign_imports(graph: grimp.ImportGraph, modules: set[str]) -> set[tuple[str, str]]:
    """Pairs of (importing module, top-level package that is not ours)."""
    pairs = {
        (module, imported.partition(".")[0])
        for module in modules
        for imported in graph.find_modules_directly_imported_by(module)
    }
    return {(module, package) for module, package in pairs if package not in OURS}


def _third_party_imports(graph: grimp.ImportGraph, modules: set[str]) -> set[tuple[str, str]]:
    return {
        (module, package)
        for module, package in _foreign_imports(graph, modules)
        if package not in sys.stdlib_module_names
    }


def test_the_core_imports_only_the_standard_library_and_itself(graph: grimp.ImportGraph) -> None:
    core = _modules_within(graph, "gpcore")

    assert ("gpcore.errors" in core, _third_party_imports(graph, core)) == (True, set())


def test_the_domain_imports_only_deterministic_modules(graph: grimp.ImportGraph) -> None:
    imports = _foreign_imports(graph, _modules_within(graph, "gpcore.domain"))

    assert {(module, package) for module, package in imports if package not in DOMAIN_STANDARD_LIBRARY} == set()


def test_every_adapter_package_has_its_list(graph: grimp.ImportGraph) -> None:
    assert {name.partition(".")[2] for name in graph.find_children("gpadapters")} == set(THIRD_PARTY_BY_ADAPTER)


@pytest.mark.parametrize("adapter", sorted(THIRD_PARTY_BY_ADAPTER))
def test_an_adapter_imports_only_the_libraries_of_its_technology(graph: grimp.ImportGraph, adapter: str) -> None:
    allowed = THIRD_PARTY_BY_ADAPTER[adapter] | THIRD_PARTY_OF_EVERY_ADAPTER
    imports = _third_party_imports(graph, _modules_within(graph, f"gpadapters.{adapter}"))

    assert {(module, package) for module, package in imports if package not in allowed} == set()


def test_gpadapters_itself_imports_nothing_foreign(graph: grimp.ImportGraph) -> None:
    assert _third_party_imports(graph, {"gpadapters"}) == set()
