-- Port of gpcore.domain.egress.tell.
--
-- KEYS: the address, a hash of slot number to count, and 'paused' until.
-- ARGV: now or '0', invalid, paused.
-- Returns {invalid, paused}.

local SLOT, WINDOW_SLOTS = 10000000, 60
local now = server_now(ARGV[1])
local invalid, paused = tonumber(ARGV[2]), tonumber(ARGV[3])
local slot = math.floor(now / SLOT)
local key = KEYS[1]

local kind = kind_of(key)
if kind ~= 'hash' and kind ~= 'none' then
  redis.call('DEL', key)
end
local paused_until = tonumber(redis.call('HGET', key, 'paused') or '0') or 0
if paused > 0 and now + paused > paused_until then
  paused_until = now + paused
  redis.call('HSET', key, 'paused', whole(paused_until))
end
if invalid > 0 then
  redis.call('HINCRBY', key, whole(slot), invalid)
end
if paused > 0 or invalid > 0 then
  redis.call('PEXPIRE', key, garbage_ms(math.max(paused_until, now + SLOT * (WINDOW_SLOTS + 1)), now))
end

local total, flat = 0, redis.call('HGETALL', key)
for index = 1, #flat, 2 do
  local number = tonumber(flat[index])
  if number and number >= slot - WINDOW_SLOTS then
    total = total + tonumber(flat[index + 1])
  elseif number and invalid > 0 then
    redis.call('HDEL', key, flat[index])
  end
end
return { total, math.max(0, paused_until - now) }
