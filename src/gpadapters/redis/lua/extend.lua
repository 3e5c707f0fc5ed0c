-- Port of gpcore.domain.claiming.extend.
--
-- KEYS: the claims. ARGV: now or '0', lease, then owner and fence of each claim. Returns {extended, …}.

local now = server_now(ARGV[1])
local lease = now + tonumber(ARGV[2])
local extended = {}

for index, key in ipairs(KEYS) do
  local owner, fence = ARGV[1 + 2 * index], ARGV[2 + 2 * index]
  local record = read_claim(key, now)
  if record == nil or record.s ~= 'claimed' or not is_of(record, owner, fence) then
    extended[index] = 0
  else
    record.l = math.max(record.l, lease)
    record.u = math.max(record.u, record.l)
    write_claim(key, record, now)
    extended[index] = 1
  end
end

return extended
