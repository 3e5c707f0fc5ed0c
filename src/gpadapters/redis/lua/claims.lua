-- The layout of a claim: a hash of
--   s stage, o owner, f fence, l lease until, a attempts, p progress, e ephemeral '0' | '1',
--   q and r progress and ephemeral as the last claim found them, u forgotten at.
-- A key of any other shape was written by somebody else, who writes one only when done.

local FOREIGN = { s = 'done', o = '', f = 0, l = 0, a = 0, p = 'none', e = '0', foreign = true }

-- The record, or nil if there is none or its time is over; then writing one replaces every field.
local function read_claim(key, now)
  local kind = kind_of(key)
  if kind == 'none' then
    return nil
  end
  if kind ~= 'hash' then
    return FOREIGN
  end
  local stored = redis.call('HMGET', key, 's', 'o', 'f', 'l', 'a', 'p', 'e', 'q', 'r', 'u')
  for field = 1, 10 do
    if not stored[field] then
      return FOREIGN
    end
  end
  if now >= tonumber(stored[10]) then
    return nil
  end
  return {
    s = stored[1], o = stored[2], f = tonumber(stored[3]), l = tonumber(stored[4]), a = tonumber(stored[5]),
    p = stored[6], e = stored[7], q = stored[8], r = stored[9], u = tonumber(stored[10]),
  }
end

local function is_of(record, owner, fence)
  return not record.foreign and record.o == owner and record.f == tonumber(fence)
end

local function write_claim(key, record, now)
  redis.call('HSET', key, 's', record.s, 'o', record.o, 'f', whole(record.f), 'l', whole(record.l),
    'a', whole(record.a), 'p', record.p, 'e', record.e, 'q', record.q, 'r', record.r, 'u', whole(record.u))
  redis.call('PEXPIRE', key, garbage_ms(record.u, now))
end

-- Only a defer can be ephemeral; other progress leaves the mark of an earlier one.
local function set_progress(record, progress, ephemeral)
  record.p = progress
  if progress == 'deferring' or progress == 'deferred' then
    record.e = ephemeral
  end
end

-- A record is not forgotten while its lease runs.
local function prolong(record, lease)
  record.l = math.max(record.l, lease)
  record.u = math.max(record.u, record.l)
end
