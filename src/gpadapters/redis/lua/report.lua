-- Port of gpcore.domain.hearing.hear.
--
-- KEYS: fleet, major.
-- ARGV: now or '0', nonce, route, resource, token, status, scope, retry after, code,
--       then of the headers' window, all '' if they did not say: bucket, limit, remaining, reset after, ends_ms.
-- Returns {whether the lease was still held}.

local now = server_now(ARGV[1])
local nonce, route, resource, status, scope = ARGV[2], ARGV[3], ARGV[4], ARGV[6], ARGV[7]
local retry_after, code, told = tonumber(ARGV[8]), ARGV[9], ARGV[10] ~= ''
local fleet, major = read_hash(KEYS[1]), read_hash(KEYS[2])
local leased = read_lease(major, nonce, now)

claim_type(KEYS[1], 'hash')
claim_type(KEYS[2], 'hash')

local function learn(name, window)
  local known = read_bucket(major, name)
  if not known or window.ends_ms > known.ends_ms + SAME_WINDOW_MS then
    window.length = math.max(known and known.length or 0, window.reset_after)
    window.reset, window.told = now + window.reset_after + RESET_MARGIN, true
    write_bucket(KEYS[2], name, window)
  elseif known.told and window.ends_ms >= known.ends_ms - SAME_WINDOW_MS then
    known.remaining = math.min(known.remaining, window.remaining)
    write_bucket(KEYS[2], name, known)
  end
end

-- Its answer did not say whether Discord counted it: it stays in flight for as long as a window lasts.
local function perhaps_counted(name)
  local known = read_bucket(major, name)
  if known then
    redis.call('HSET', KEYS[2], 'l:' .. nonce .. '!', whole(now + known.length + RESET_MARGIN) .. ' ' .. name)
  end
end

local name = fleet['r:' .. route] or own_bucket(route)
if told then
  name = ARGV[10]
  redis.call('HSET', KEYS[1], 'r:' .. route, name)
  learn(name, {
    limit = tonumber(ARGV[11]), remaining = tonumber(ARGV[12]), reset_after = tonumber(ARGV[13]),
    ends_ms = tonumber(ARGV[14]),
  })
end
if leased then
  if not told then
    perhaps_counted(leased)
  end
  if scope == 'user' or scope == 'shared' then
    local held = math.max(until_of(major['w:' .. name]), now + retry_after)
    redis.call('HSET', KEYS[2], 'w:' .. name, whole(held))
    major['w:' .. name] = whole(held)
  end
  if status == '403' then
    redis.call('HSET', KEYS[2], 'x:' .. resource, whole(now + BARRED) .. ' ' .. code)
    major['x:' .. resource] = nil
  end
  if scope == 'global' then
    redis.call('HSET', KEYS[1], 'blocked', whole(math.max(until_of(fleet.blocked), now + retry_after)))
  elseif status == '401' then
    redis.call('HSET', KEYS[1], 'token', ARGV[5], 'refused', whole(now + TOKEN_REFUSED))
  end
end
if major['l:' .. nonce] then
  redis.call('HDEL', KEYS[2], 'l:' .. nonce)
  major['l:' .. nonce] = nil
end
tidy(KEYS[2], major, now)
keep(KEYS[1], now, ROUTES_KEPT)
keep(KEYS[2], now, KEPT)
return { leased and 1 or 0 }
