-- Put before every script.

-- The server's time in microseconds. Read it once a script: it moves on while a script runs.
-- A test gives its own time; '0' means none.
local function server_now(override)
  if override ~= '0' then
    return tonumber(override)
  end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

-- tostring() would round a time to 14 digits.
local function whole(number)
  return string.format('%.0f', number)
end

local function kind_of(key)
  return redis.call('TYPE', key).ok
end

-- Stored deadlines decide; a key's own expiry only collects garbage, a minute later.
local function garbage_ms(deadline, now)
  return whole(math.ceil((deadline - now) / 1000) + 60000)
end
