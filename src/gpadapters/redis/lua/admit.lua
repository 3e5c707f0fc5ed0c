-- Port of gpcore.domain.limiting.decide.
--
-- KEYS: one for each rule.
-- ARGV: now or '0', nonce ('' only looks), then for each rule: 'window' | 'cooldown', limit,
--       length in microseconds, cost.
-- Returns {allowed, remaining, retry_after, reset_after, now, limiting or -1}.

local NEVER = -1
local now = server_now(ARGV[1])
local nonce = ARGV[2]

-- The time of the unit at a position of the log, oldest first.
local function unit_time(key, position)
  return tonumber(redis.call('ZRANGE', key, position, position, 'WITHSCORES')[2])
end

local function judge_window(key, limit, window, cost)
  local size, used, newest, at = 0, 0, nil, now
  local kind = kind_of(key)
  if kind == 'zset' then
    size = redis.call('ZCARD', key)
    newest = unit_time(key, -1)
    at = math.max(now, newest)
    used = redis.call('ZCOUNT', key, '(' .. whole(at - window), '+inf')
  end
  local rule = { retry = 0, remaining = limit - used, idle_at = now, takes = false }
  rule.foreign = kind ~= 'zset' and kind ~= 'none'
  if used > 0 then
    rule.idle_at = newest + window
  end
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
    rule.takes = true
    rule.at = at
    rule.idle_after = at + window
  end
  return rule
end

local function judge_cooldown(key, duration)
  local held_until, owner = read_cooldown(key)
  if held_until == nil or held_until <= now then
    return { retry = 0, remaining = 1, idle_at = now, takes = true, idle_after = now + duration }
  end
  local retry = held_until - now
  if owner == nonce then
    retry = 0
  end
  return { retry = retry, remaining = 0, idle_at = held_until, takes = false }
end

local function take_window(key, rule, window, cost)
  if rule.foreign then
    redis.call('DEL', key)
  end
  local units = {}
  for unit = 1, cost do
    units[2 * unit - 1] = whole(rule.at)
    units[2 * unit] = nonce .. ':' .. unit
  end
  -- Adding comes first: a server that is out of memory refuses a script's first write only, so a
  -- removal before it would let the script grow the data all the same.
  redis.call('ZADD', key, unpack(units))
  redis.call('ZREMRANGEBYSCORE', key, '-inf', whole(rule.at - window))
  redis.call('PEXPIRE', key, garbage_ms(rule.idle_after, now))
end

local function take_cooldown(key, rule)
  redis.call('SET', key, whole(rule.idle_after) .. ':' .. nonce, 'PX', garbage_ms(rule.idle_after, now))
end

local rules, limiting, longest = {}, -1, 0
for index, key in ipairs(KEYS) do
  local first = 3 + 4 * (index - 1)
  local length = tonumber(ARGV[first + 2])
  local rule
  if ARGV[first] == 'window' then
    rule = judge_window(key, tonumber(ARGV[first + 1]), length, tonumber(ARGV[first + 3]))
    rule.cost = tonumber(ARGV[first + 3])
  else
    rule = judge_cooldown(key, length)
    rule.cost = 1
  end
  rule.is_cooldown = ARGV[first] == 'cooldown'
  rule.length = length
  rules[index] = rule
  if rule.retry ~= 0 and longest ~= NEVER and (rule.retry == NEVER or rule.retry > longest) then
    limiting, longest = index - 1, rule.retry
  end
end

local takes = limiting == -1 and nonce ~= ''
local remaining, idle_at = nil, now
for index, rule in ipairs(rules) do
  local left = rule.remaining
  if takes and rule.takes then
    if rule.is_cooldown then
      take_cooldown(KEYS[index], rule)
    else
      take_window(KEYS[index], rule, rule.length, rule.cost)
    end
    left = left - rule.cost
    rule.idle_at = rule.idle_after
  end
  remaining = math.min(remaining or left, left)
  idle_at = math.max(idle_at, rule.idle_at)
end

return { limiting == -1 and 1 or 0, math.max(0, remaining), longest, idle_at - now, now, limiting }
