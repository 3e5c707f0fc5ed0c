-- The layout of limits and cooldowns.
--
-- A window is a sorted set: one member '<nonce>:<n>' for each unit, scored with its time in
-- microseconds. A counter is a hash of s start of its window, c current and p previous units. An even
-- rate is a string 'gcra:<arrival in microseconds>', a cooldown one '<until in microseconds>:<owner>'.
-- A key of any other shape was written by somebody else and counts as absent.

local NEVER = -1

local function read_cooldown(key)
  if kind_of(key) ~= 'string' then
    return nil, nil
  end
  local held_until, owner = string.match(redis.call('GET', key), '^(%d+):(.+)$')
  return tonumber(held_until), owner
end
