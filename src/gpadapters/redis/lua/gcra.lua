-- Port of gpcore.domain.gcra.

local function read_arrival(key)
  if kind_of(key) ~= 'string' then
    return nil
  end
  return tonumber(string.match(redis.call('GET', key), '^gcra:(%d+)$'))
end

local function judge_gcra(key, burst, interval, cost, now)
  local arrival = math.max(now, read_arrival(key) or now)
  local ahead = burst * interval
  local rule = { retry = 0, remaining = math.floor((now + ahead - arrival) / interval), idle_at = arrival }
  if cost == 0 then
    return rule
  end
  local after = arrival + cost * interval
  if cost > burst then
    rule.retry = NEVER
  elseif cost > rule.remaining then
    rule.retry = after - ahead - now
  else
    rule.cost = cost
    rule.idle_after = after
    rule.take = function()
      redis.call('SET', key, 'gcra:' .. whole(after), 'PX', garbage_ms(after, now))
    end
  end
  return rule
end
