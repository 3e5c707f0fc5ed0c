-- Ends a session; what somebody else wrote stays.
--
-- KEYS: the session. ARGV: now or '0'. Returns {deleted}.

local now = server_now(ARGV[1])
-- At time 0 every session is live: a lapsed one goes too, or a clock stepping back would show it.
local session = read_session(KEYS[1], 0)
if session == nil then
  return { 0 }
end
redis.call('DEL', KEYS[1])
return { now < session.e and 1 or 0 }
