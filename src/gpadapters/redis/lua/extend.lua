-- Port of gpcore.domain.claiming.extend.
--
-- KEYS: the claim. ARGV: now or '0', owner, fence, lease. Returns {extended}.

local now = server_now(ARGV[1])
local record = read_claim(KEYS[1], now)
if record == nil or record.s ~= 'claimed' or not is_of(record, ARGV[2], ARGV[3]) then
  return { 0 }
end
prolong(record, now + tonumber(ARGV[4]))
write_claim(KEYS[1], record, now)
return { 1 }
