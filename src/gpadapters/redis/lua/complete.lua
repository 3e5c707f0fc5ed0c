-- Port of gpcore.domain.claiming.complete.
--
-- KEYS: the claim. ARGV: now or '0', owner, fence, kept for. Returns {completion}.

local key, owner, fence = KEYS[1], ARGV[2], ARGV[3]
local now = server_now(ARGV[1])
local kept_until = now + tonumber(ARGV[4])

local record = read_claim(key, now)
if record == nil then
  write_claim(key, {
    s = 'done', o = owner, f = tonumber(fence), l = now, a = 1, p = 'none', e = '0', q = 'none', r = '0',
    u = kept_until,
  }, now)
  return { 'recreated' }
end
local own = is_of(record, owner, fence)
if record.s == 'done' then
  return { own and 'ok' or 'already' }
end
if not own then
  return { 'stale' }
end
record.s = 'done'
record.u = kept_until
write_claim(key, record, now)
return { 'ok' }
