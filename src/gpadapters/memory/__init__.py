"""In-memory twin of every port."""

from gpadapters.memory.stores import MemoryStores, open_stores

__all__ = ["MemoryStores", "open_stores"]
