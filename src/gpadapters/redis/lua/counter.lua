-- Port of gpcore.domain.window_counter.

-- The counts as they stand in the window of now, or in a later one already seen.
local function read_counts(key, now, window)
  local start = now - now % window
  if kind_of(key) == 'hash' then
    local stored = redis.call('HMGET', key, 's', 'c', 'p')
    local seen, current, previous = tonumber(stored[1]), tonumber(stored[2]), tonumber(stored[3])
    if seen and current and previous then
      if seen >= start then
        return { start = seen, current = current, previous = previous }
      elseif seen >= start - window then
        return { start = start, current = 0, previous = current }
      end
    end
  end
  return { start = start, current = 0, previous = 0 }
end

local function counts_idle_at(start, current, previous, now, window)
  if current > 0 then
    return start + 2 * window
  end
  return previous > 0 and start + window or now
end

-- The first instant at which the refused cost fits, when nobody else comes.
local function counts_admitted_at(counts, limit, window, cost)
  local room = limit - counts.current - cost
  if room >= 0 then
    return counts.start + window - math.floor(room * window / counts.previous)
  end
  return counts.start + 2 * window - math.floor((limit - cost) * window / counts.current)
end

local function take_counts(key, start, current, previous, idle_after, now)
  if kind_of(key) ~= 'hash' then
    redis.call('DEL', key)
  end
  redis.call('HSET', key, 's', whole(start), 'c', whole(current), 'p', whole(previous))
  redis.call('PEXPIRE', key, garbage_ms(idle_after, now))
end

local function judge_counter(key, limit, window, cost, now)
  local counts = read_counts(key, now, window)
  local uncovered = window - math.max(0, now - counts.start)
  local room = (limit - counts.current) * window - counts.previous * uncovered
  local rule = {
    retry = 0,
    remaining = math.floor(room / window),
    idle_at = counts_idle_at(counts.start, counts.current, counts.previous, now, window),
  }
  if cost == 0 then
    return rule
  end
  if cost > limit then
    rule.retry = NEVER
  elseif cost > rule.remaining then
    rule.retry = counts_admitted_at(counts, limit, window, cost) - now
  else
    rule.cost = cost
    rule.idle_after = counts_idle_at(counts.start, counts.current + cost, counts.previous, now, window)
    rule.take = function()
      take_counts(key, counts.start, counts.current + cost, counts.previous, rule.idle_after, now)
    end
  end
  return rule
end
