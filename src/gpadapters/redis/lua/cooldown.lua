-- Port of gpcore.domain.cooldown.

local function judge_cooldown(key, _, duration, _, now, nonce)
  local held_until, owner = read_cooldown(key)
  if held_until ~= nil and held_until > now then
    return { retry = owner == nonce and 0 or held_until - now, remaining = 0, idle_at = held_until }
  end
  local rule = { retry = 0, remaining = 1, idle_at = now, cost = 1, idle_after = now + duration }
  rule.take = function()
    redis.call('SET', key, whole(rule.idle_after) .. ':' .. nonce, 'PX', garbage_ms(rule.idle_after, now))
  end
  return rule
end
