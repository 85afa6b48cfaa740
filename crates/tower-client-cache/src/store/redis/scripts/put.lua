-- Keeps an entry, under a lease or without one, and says whether it is kept.
--
-- KEYS: the hash of the key, the index of the bucket.
local entries, index = KEYS[1], KEYS[2]
local name, variant, times, length, marks = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local head, content = ARGV[6], ARGV[7]
local ttl, index_ttl = tonumber(ARGV[8]), tonumber(ARGV[9])
local most, room = tonumber(ARGV[10]), tonumber(ARGV[11])
local new_incarnation = ARGV[12]
-- All four are empty without a lease; the token is empty where the lease is nobody's alone.
local fence, generation, flight, token = ARGV[13], ARGV[14], ARGV[15], ARGV[16]

-- Ends the lease, unless it expired and somebody else has another.
local function end_lease()
  local lease = token ~= '' and redis.call('HGET', entries, 't' .. flight)
  if lease and lease:sub(1, 8) == token then
    redis.call('HDEL', entries, 't' .. flight)
  end
end

-- One whose lease expired may put as well, as long as nothing was forgotten since it was granted: a
-- fetch that takes longer than a lease is as good as another.
if fence ~= '' and (redis.call('HGET', entries, 'f') ~= fence
  or special(index, 'g') ~= generation) then
  end_lease()
  return 0
end

local before = redis.call('HGET', entries, 'l' .. variant)
if fence ~= '' and before and before:sub(25, 32) == special(index, 'i')
  and is_newer(before, times) then
  end_lease()
  return 0
end

-- The index first: what is in it alone is nothing, what is not in it could not be forgotten. And
-- nothing before that: a server without memory refuses a script that has written nothing yet.
local incarnation = special_or(index, 'i', new_incarnation)
local member = name .. variant .. marks
redis.call('ZADD', index, string.format('%.0f', now() + ttl), member)
live_on(index, index_ttl)
if before and name .. variant .. before:sub(41) ~= member then
  redis.call('ZREM', index, name .. variant .. before:sub(41))
end
end_lease()

-- Others make room, the oldest first; those that no index knows could not be forgotten.
local others, size = {}, #head + #content
each_variant(entries, function(other, label)
  if other == variant then
    return
  end
  if label:sub(25, 32) ~= incarnation then
    drop(entries, index, name, other)
    return
  end
  local bytes = redis.call('HSTRLEN', entries, 'h' .. other)
    + redis.call('HSTRLEN', entries, 'c' .. other)
  size = size + bytes
  table.insert(others, { variant = other, label = label, bytes = bytes })
end)
table.sort(others, function(one, other)
  local own, its = number(one.label, 1), number(other.label, 1)
  if own ~= its then
    return own < its
  end
  return number(one.label, 9) < number(other.label, 9)
end)
local count = #others + 1
for _, other in ipairs(others) do
  if count <= most and size <= room then
    break
  end
  drop(entries, index, name, other.variant)
  count, size = count - 1, size - other.bytes
end

redis.call('HSET', entries,
  'l' .. variant, times .. incarnation .. length .. marks,
  'h' .. variant, head,
  'c' .. variant, content)
live_on(entries, ttl)

-- A little of what has expired goes each time.
local expired = redis.call('ZRANGE', index, '-inf', string.format('%.0f', now()), 'BYSCORE',
  'LIMIT', 0, 16)
local prefix = entries:sub(1, -33)
for _, member in ipairs(expired) do
  local its = prefix .. hex(member:sub(1, 16))
  local label = redis.call('HGET', its, 'l' .. member:sub(17, 24))
  if label and label:sub(41) == member:sub(25) then
    drop(its, index, member:sub(1, 16), member:sub(17, 24))
  end
  redis.call('ZREM', index, member)
end
-- And a little of what the server evicted, of which the index alone still knows.
for _, member in ipairs(redis.call('ZRANDMEMBER', index, 4)) do
  local its = prefix .. hex(member:sub(1, 16))
  if #member >= 24 and redis.call('HEXISTS', its, 'l' .. member:sub(17, 24)) == 0 then
    redis.call('ZREM', index, member)
  end
end
return 1
