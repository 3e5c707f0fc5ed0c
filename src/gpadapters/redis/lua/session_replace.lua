-- Port of gpcore.domain.session_rules.replaced.
--
-- KEYS: the session. ARGV: now or '0', expected version, data, extension or ''.
-- Returns {} or {version, created at, expires at}.

local now = server_now(ARGV[1])
local session = read_session(KEYS[1], now)
if session == nil or session.v ~= tonumber(ARGV[2]) then
  return {}
end
local version, expires_at = session.v + 1, session.e
if ARGV[4] ~= '' then
  expires_at = now + tonumber(ARGV[4])
  redis.call('PEXPIRE', KEYS[1], garbage_ms(expires_at, now))
end
redis.call('HSET', KEYS[1], 'v', whole(version), 'd', ARGV[3], 'e', whole(expires_at))
return { version, session.c, expires_at }
