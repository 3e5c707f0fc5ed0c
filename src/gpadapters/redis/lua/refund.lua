-- Port of gpcore.domain.limiting.refund.
--
-- KEYS: one for each rule. ARGV: nonce, then for each rule 'window' | 'counter' | 'gcra' | 'cooldown'.
-- Returns {keys changed}.

local nonce = ARGV[1]
local changed = 0

local function refund_window(key)
  local unit = 1
  while redis.call('ZREM', key, nonce .. ':' .. unit) == 1 do
    unit = unit + 1
  end
  return unit > 1
end

local function refund_cooldown(key)
  local _, owner = read_cooldown(key)
  return owner == nonce and redis.call('DEL', key) == 1
end

for index, key in ipairs(KEYS) do
  if ARGV[index + 1] == 'cooldown' then
    if refund_cooldown(key) then
      changed = changed + 1
    end
  elseif ARGV[index + 1] == 'window' and kind_of(key) == 'zset' and refund_window(key) then
    changed = changed + 1
  end
end

return { changed }
