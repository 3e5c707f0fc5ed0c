-- Port of gpcore.domain.session_rules.started.
--
-- KEYS: the session. ARGV: now or '0', version, data, time to live. Returns {created at, expires at}.

local now = server_now(ARGV[1])
local expires_at = now + tonumber(ARGV[4])
-- Only what somebody else wrote is removed first: a server that is out of memory refuses a
-- script's first write only, and a removal would spend that.
if kind_of(KEYS[1]) ~= 'none' and read_session(KEYS[1], 0) == nil then
  redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'd', ARGV[3], 'c', whole(now), 'e', whole(expires_at))
redis.call('PEXPIRE', KEYS[1], garbage_ms(expires_at, now))
return { now, expires_at }
