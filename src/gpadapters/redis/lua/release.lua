-- Port of gpcore.domain.claiming.release.
--
-- KEYS: the claim. ARGV: now or '0', owner, fence, give back the attempt '0' | '1'. Returns {released}.

local now = server_now(ARGV[1])
local record = read_claim(KEYS[1], now)
if record == nil or record.s == 'done' or not is_of(record, ARGV[2], ARGV[3]) then
  return { 0 }
end
if record.s == 'claimed' then
  record.s = 'available'
  record.a = record.a - tonumber(ARGV[4])
  write_claim(KEYS[1], record, now)
end
return { 1 }
