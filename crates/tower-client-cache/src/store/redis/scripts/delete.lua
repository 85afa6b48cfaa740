-- Forgets a variant, or all of a key with its fence and leases; tells others, and returns how many
-- there were.
--
-- KEYS: the hash of the key, the index of the bucket.
local entries, index = KEYS[1], KEYS[2]
local name, variant, channel, message = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local incarnation, count = special(index, 'i'), 0
local function forget(its)
  local label = drop(entries, index, name, its)
  if label and label:sub(25, 32) == incarnation then
    count = count + 1
  end
end
if variant == '' then
  each_variant(entries, forget)
  redis.call('DEL', entries)
else
  forget(variant)
end
-- Without a message nobody had it: it was never kept.
if message ~= '' then
  redis.call('PUBLISH', channel, message)
end
return count
