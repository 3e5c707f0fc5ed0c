-- Port of gpcore.domain.reserving.reserve.
--
-- KEYS: fleet, log, major. ARGV: now or '0', nonce, patience, route, resource, token, most a second.
-- Returns {verdict, now, wait, code}.

local now = server_now(ARGV[1])
local nonce, patience, route = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local fleet, major = read_hash(KEYS[1]), read_hash(KEYS[3])

local refused = until_of(fleet.refused)
if fleet.token == ARGV[6] and now < refused then
  return { 'token_refused', now, refused - now, 0 }
end
local barred, code = string.match(major['x:' .. ARGV[5]] or '', '^(%d+) (%d+)$')
if barred and now < tonumber(barred) then
  return { 'forbidden', now, tonumber(barred) - now, tonumber(code) }
end
if read_lease(major, nonce, now) then
  return { 'go', now, 0, 0 }
end

local name = fleet['r:' .. route] or own_bucket(route)
local bucket = read_bucket(major, name)
if bucket and now >= bucket.reset then
  bucket.remaining, bucket.reset, bucket.told = bucket.limit, now + bucket.length, false
end

local in_flight = 0
for field in pairs(major) do
  if string.sub(field, 1, 2) == 'l:' and read_lease(major, string.sub(field, 3), now) == name then
    in_flight = in_flight + 1
  end
end

local wait = math.max(until_of(fleet.blocked), until_of(major['w:' .. name]), until_of(major['w:' .. own_bucket(route)]))
  - now
if not bucket then
  wait = math.max(wait, in_flight > 0 and LOOK_AGAIN or 0)
elseif bucket.remaining <= in_flight then
  local until_reset = bucket.reset - now
  wait = math.max(wait, bucket.remaining > 0 and math.min(LOOK_AGAIN, until_reset) or until_reset)
end
local log = judge_window(KEYS[2], tonumber(ARGV[7]), 1000000, 1, now, nonce)
wait = math.max(wait, log.retry)
if wait > 0 then
  return { wait <= patience and 'wait' or 'busy', now, wait, 0 }
end

if log.take then
  log.take()
end
claim_type(KEYS[3], 'hash')
redis.call('HSET', KEYS[3], 'l:' .. nonce, whole(now + LEASE) .. ' ' .. name)
if bucket then
  write_bucket(KEYS[3], name, bucket)
end
major['l:' .. nonce] = nil
tidy(KEYS[3], major, now)
keep(KEYS[3], now, KEPT)
return { 'go', now, 0, 0 }
