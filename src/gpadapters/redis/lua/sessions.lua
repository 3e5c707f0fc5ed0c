-- The layout of a session: a hash of v version, d data, c created at, e expires at.
-- A key of any other shape was written by somebody else and counts as missing.

local function read_session(key, now)
  if kind_of(key) ~= 'hash' then
    return nil
  end
  local stored = redis.call('HMGET', key, 'v', 'd', 'c', 'e')
  local session = { v = tonumber(stored[1]), d = stored[2], c = tonumber(stored[3]), e = tonumber(stored[4]) }
  if not (session.v and session.d and session.c and session.e) or now >= session.e then
    return nil
  end
  return session
end
