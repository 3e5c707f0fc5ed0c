-- Port of gpcore.domain.session_rules.live.
--
-- KEYS: the session. ARGV: now or '0'. Returns {} or {version, data, created at, expires at}.

local session = read_session(KEYS[1], server_now(ARGV[1]))
if session == nil then
  return {}
end
return { session.v, session.d, session.c, session.e }
