-- Port of gpcore.domain.claiming.note.
--
-- KEYS: the claim. ARGV: now or '0', owner, fence, progress, ephemeral '0' | '1', lease.
-- Returns {written}.

local now = server_now(ARGV[1])
local record = read_claim(KEYS[1], now)
if record == nil or record.s ~= 'claimed' or not is_of(record, ARGV[2], ARGV[3]) then
  return { 0 }
end
if ARGV[6] ~= '0' then
  prolong(record, now + tonumber(ARGV[6]))
end
set_progress(record, ARGV[4], ARGV[5])
write_claim(KEYS[1], record, now)
return { 1 }
