-- The layout of a fleet's requests, below '{dc:<application>}'.
--
-- :fleet   hash: 'r:<route>' its bucket's name, 'blocked' until, 'token' the refused one's name, 'refused' until
-- :log     sorted set of the last second's requests, as a window's
-- :m:<major>  hash:
--   'b:<bucket>'    limit remaining length ends_ms reset told
--   'w:<bucket>'    until when its 429 holds
--   'l:<nonce>'     until bucket
--   'x:<resource>'  until code
-- A field of any other shape counts as absent.

local LOOK_AGAIN = 50000
local LEASE = 15000000
local BARRED = 60000000
local TOKEN_REFUSED = 3600000000
local SAME_WINDOW_MS = 50
local RESET_MARGIN = 5000
local KEPT = 3600000000
local ROUTES_KEPT = 86400000000

local function own_bucket(route)
  return '?' .. route
end

local function read_hash(key)
  if kind_of(key) ~= 'hash' then
    return {}
  end
  local flat, fields = redis.call('HGETALL', key), {}
  for index = 1, #flat, 2 do
    fields[flat[index]] = flat[index + 1]
  end
  return fields
end

local function until_of(field)
  return tonumber(string.match(field or '', '^(%d+)')) or 0
end

local function read_bucket(fields, name)
  local limit, remaining, length, ends_ms, reset, told =
    string.match(fields['b:' .. name] or '', '^(%d+) (%d+) (%d+) (%d+) (%d+) ([01])$')
  if not limit then
    return nil
  end
  return {
    limit = tonumber(limit), remaining = tonumber(remaining), length = tonumber(length),
    ends_ms = tonumber(ends_ms), reset = tonumber(reset), told = told == '1',
  }
end

local function write_bucket(key, name, bucket)
  redis.call('HSET', key, 'b:' .. name, table.concat({
    whole(bucket.limit), whole(bucket.remaining), whole(bucket.length), whole(bucket.ends_ms), whole(bucket.reset),
    bucket.told and '1' or '0',
  }, ' '))
end

local function read_lease(fields, nonce, now)
  local held_until, bucket = string.match(fields['l:' .. nonce] or '', '^(%d+) (.+)$')
  if held_until and now < tonumber(held_until) then
    return bucket
  end
  return nil
end

-- Removes what is over; called after the first write.
local function tidy(key, fields, now)
  for field, value in pairs(fields) do
    local kind = string.sub(field, 1, 2)
    if (kind == 'l:' or kind == 'x:' or kind == 'w:') and until_of(value) <= now then
      redis.call('HDEL', key, field)
    end
  end
end

local function claim_type(key, kind)
  local found = kind_of(key)
  if found ~= kind and found ~= 'none' then
    redis.call('DEL', key)
  end
end

local function keep(key, now, kept)
  redis.call('PEXPIRE', key, garbage_ms(now + kept, now))
end
