"""State in Redis or Valkey: limits, cooldowns, claims and sessions."""

from gpadapters.redis.stores import RedisStores, open_stores

__all__ = ["RedisStores", "open_stores"]
