"""A result for people."""

from benchmarks.results import Result, Row


def show(result: Result) -> None:
    """Print it."""
    print(f"\n{result.title} ({result.unit}):")
    for row in result.rows:
        print(_line(row), flush=True)


def _line(row: Row) -> str:
    spread = f"{row.low:g}-{row.high:g}" if row.low != row.high else ""
    cpu = f"{row.cpu_us:g} µs CPU" if row.cpu_us is not None else ""
    times = f"×{row.times:g}" if row.times is not None else ""
    more = ", ".join(f"{name} {value:g}" for name, value in row.more.items())
    return f"  {row.name:36} {row.value:>10,g} {spread:>15} {times:>7} {cpu:>13}  {more}".rstrip()
