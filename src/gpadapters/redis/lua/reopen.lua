-- Port of gpcore.domain.claiming.reopen.
--
-- KEYS: the claim. ARGV: now or '0'. Returns {reopening}.

local now = server_now(ARGV[1])
local record = read_claim(KEYS[1], now)
if record == nil then
  return { 'absent' }
end
if record.s == 'done' then
  return { 'done' }
end
if record.s == 'claimed' and now < record.l then
  return { 'busy' }
end
record.s = 'available'
record.a = 0
write_claim(KEYS[1], record, now)
return { 'reopened' }
