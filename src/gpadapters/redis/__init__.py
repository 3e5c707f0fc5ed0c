"""State stores on Redis or Valkey, decided by Lua scripts on the server's clock."""

from gpadapters.redis.stores import RedisStores, open_stores

__all__ = ["RedisStores", "open_stores"]
