-- Port of gpcore.domain.limiting.decide.
--
-- KEYS: one for each rule.
-- ARGV: now or '0', nonce or '', 'take' | 'look', then for each rule four: 'window', limit, length, cost |
--       'counter', limit, length, cost | 'gcra', burst, interval, cost | 'cooldown', 1, length, 1.
-- Returns {allowed, remaining, retry_after, reset_after, now, limiting or -1, index of each rule that took, …}.
--
-- A judge returns what its rule says: retry, remaining, idle_at, and if there is something to take
-- also cost, idle_after and take(). Nothing is written before all have judged.

local JUDGES = { window = judge_window, counter = judge_counter, gcra = judge_gcra, cooldown = judge_cooldown }

local now = server_now(ARGV[1])
local nonce = ARGV[2]

local rules, limiting, longest = {}, -1, 0
for index, key in ipairs(KEYS) do
  local first = 4 + 4 * (index - 1)
  local amount, length, cost = tonumber(ARGV[first + 1]), tonumber(ARGV[first + 2]), tonumber(ARGV[first + 3])
  local rule = JUDGES[ARGV[first]](key, amount, length, cost, now, nonce)
  rules[index] = rule
  if rule.retry ~= 0 and longest ~= NEVER and (rule.retry == NEVER or rule.retry > longest) then
    limiting, longest = index - 1, rule.retry
  end
end

local takes = limiting == -1 and ARGV[3] == 'take'
local remaining, idle_at, took = nil, now, {}
for index, rule in ipairs(rules) do
  if takes and rule.take then
    rule.take()
    took[#took + 1] = index - 1
    rule.remaining = rule.remaining - rule.cost
    rule.idle_at = rule.idle_after
  end
  remaining = math.min(remaining or rule.remaining, rule.remaining)
  idle_at = math.max(idle_at, rule.idle_at)
end

return { limiting == -1 and 1 or 0, math.max(0, remaining), longest, idle_at - now, now, limiting, unpack(took) }
