-- Port of gpcore.domain.sliding_window.

-- The time of the unit at a position of the log, oldest first.
local function unit_time(key, position)
  return tonumber(redis.call('ZRANGE', key, position, position, 'WITHSCORES')[2])
end

-- The newest unit's time, nil without one; and whether something else than a log is there.
local function newest_unit(key)
  local newest = redis.pcall('ZRANGE', key, -1, -1, 'WITHSCORES')
  if newest.err then
    return nil, true
  end
  return tonumber(newest[2]), false
end

local function take_window(key, at, window, cost, now, nonce, lapsed)
  local units = {}
  for unit = 1, cost do
    units[2 * unit - 1] = whole(at)
    units[2 * unit] = nonce .. ':' .. unit
  end
  -- Adding comes first: a server that is out of memory refuses a script's first write only, so a
  -- removal before it would let the script grow the data all the same.
  redis.call('ZADD', key, unpack(units))
  if lapsed > 0 then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', whole(at - window))
  end
  redis.call('PEXPIRE', key, garbage_ms(at + window, now))
end

local function judge_window(key, limit, window, cost, now, nonce)
  local size, used, at = 0, 0, now
  local newest, foreign = newest_unit(key)
  if newest then
    size = redis.call('ZCARD', key)
    at = math.max(now, newest)
    used = redis.call('ZCOUNT', key, '(' .. whole(at - window), '+inf')
  end
  local rule = { retry = 0, remaining = limit - used, idle_at = used > 0 and newest + window or now }
  if cost == 0 then
    return rule
  end
  if nonce ~= '' and size > 0 then
    local taken = redis.call('ZSCORE', key, nonce .. ':1')
    if taken and tonumber(taken) > at - window then
      return rule
    end
  end
  if cost > limit then
    rule.retry = NEVER
  elseif used + cost > limit then
    rule.retry = unit_time(key, size - used + (used + cost - limit) - 1) + window - now
  else
    rule.cost = cost
    rule.idle_after = at + window
    rule.take = function()
      if foreign then
        redis.call('DEL', key)
      end
      take_window(key, at, window, cost, now, nonce, size - used)
    end
  end
  return rule
end
