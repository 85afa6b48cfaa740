-- Replaces the head of an entry, if its content is still the same.
--
-- KEYS: the hash of the key, the index of the bucket.
local entries, index = KEYS[1], KEYS[2]
local name, variant, times, marks, head = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local ttl, index_ttl = tonumber(ARGV[6]), tonumber(ARGV[7])

local label = redis.call('HGET', entries, 'l' .. variant)
if not label or label:sub(25, 32) ~= special(index, 'i') then
  return 0
end
if label:sub(17, 24) ~= times:sub(17, 24) or is_newer(label, times) then
  return 0
end
local before, after = name .. variant .. label:sub(41), name .. variant .. marks
redis.call('ZADD', index, string.format('%.0f', now() + ttl), after)
if before ~= after then
  redis.call('ZREM', index, before)
end
live_on(index, index_ttl)
redis.call('HSET', entries, 'l' .. variant, times .. label:sub(25, 40) .. marks, 'h' .. variant, head)
live_on(entries, ttl)
return 1
