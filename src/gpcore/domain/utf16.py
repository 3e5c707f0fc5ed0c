"""Counting text as strictly as Discord may."""


def units(text: str) -> int:
    """Return the number of UTF-16 units.

    Discord does not say whether it counts code points or UTF-16 units; this count is never the
    smaller one, so what passes here passes there.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
