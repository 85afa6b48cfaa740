-- Grants a lease, unless somebody has that of the same flight, and returns what the key has.
--
-- KEYS: the hash of the key, the index of the bucket.
local entries, index = KEYS[1], KEYS[2]
-- Both are empty without a flight.
local flight, token = ARGV[1], ARGV[2]
local lease_ms, index_ttl = tonumber(ARGV[3]), tonumber(ARGV[4])
local new_fence, new_generation, new_incarnation = ARGV[5], ARGV[6], ARGV[7]

-- How long a key with nothing but leases lives.
local LONGEST = 600000
-- How many flights of one key have a lease at once; more go without.
local MOST = 64

local generation, live, is_held, over = special(index, 'g'), 0, false, {}
for _, field in ipairs(redis.call('HKEYS', entries)) do
  if #field == 9 and field:sub(1, 1) == 't' then
    local lease = redis.call('HGET', entries, field)
    if is_live(lease, generation) then
      live = live + 1
      is_held = is_held or field:sub(2) == flight
    else
      table.insert(over, field)
    end
  end
end

local incarnation = special(index, 'i')
if is_held then
  return { 1, '', '', '', incarnation or '', redis.call('HGETALL', entries) }
end
generation = special_or(index, 'g', new_generation)
incarnation = special_or(index, 'i', new_incarnation)
local fence = redis.call('HGET', entries, 'f')
if not fence then
  fence = new_fence
  redis.call('HSET', entries, 'f', fence)
end
if flight ~= '' and live < MOST then
  local deadline = string.format('%.0f', now() + lease_ms)
  redis.call('HSET', entries, 't' .. flight, token .. generation .. deadline)
else
  token = ''
end
-- After what takes memory: a server without any refuses a script that has written nothing yet.
for _, field in ipairs(over) do
  if field ~= 't' .. flight then
    redis.call('HDEL', entries, field)
  end
end
live_on(index, index_ttl)
live_on(entries, LONGEST)
return { 0, fence, generation, token, incarnation, redis.call('HGETALL', entries) }
