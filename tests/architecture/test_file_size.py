from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
MOST_LINES = 250


def test_every_source_file_can_be_read_in_one_sitting() -> None:
    lines = {
        path.relative_to(SOURCE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".lua"}
    }

    assert "gpcore/__init__.py" in lines
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}
