-- Port of gpcore.domain.claiming.claim.
--
-- KEYS: the claim. ARGV: now or '0', owner, lease, most attempts, intent, ephemeral '0' | '1', kept for.
-- Returns {verdict, fence or 0, attempts, progress, ephemeral, retry after}.

local key = KEYS[1]
local now = server_now(ARGV[1])
local owner, intent, ephemeral = ARGV[2], ARGV[5], ARGV[6]
local lease = now + tonumber(ARGV[3])
local kept_until = math.max(now + tonumber(ARGV[7]), lease)

local function owned(verdict, record)
  if record.p == 'none' and intent ~= 'none' then
    set_progress(record, intent, ephemeral)
  end
  write_claim(key, record, now)
  return { verdict, record.f, record.a, record.q, record.r, 0 }
end

local function refused(verdict, record, retry_after)
  return { verdict, 0, record.a, record.p, record.e, retry_after }
end

local record = read_claim(key, now)
if record == nil then
  return owned('claimed', {
    s = 'claimed', o = owner, f = 1, l = lease, a = 1, p = 'none', e = '0', q = 'none', r = '0', u = kept_until,
  })
end
if record.s == 'done' then
  return refused('done', record, 0)
end
if record.s == 'claimed' and record.o == owner then
  record.l = math.max(record.l, lease)
  record.u = math.max(record.u, kept_until)
  return owned('owned', record)
end
if record.s == 'claimed' and now < record.l then
  return refused('busy', record, record.l - now)
end
if record.a >= tonumber(ARGV[4]) then
  return refused('exhausted', record, 0)
end
return owned('claimed', {
  s = 'claimed', o = owner, f = record.f + 1, l = lease, a = record.a + 1,
  p = record.p, e = record.e, q = record.p, r = record.e, u = kept_until,
})
