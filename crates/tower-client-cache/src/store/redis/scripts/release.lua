-- Gives a lease back that is still one's own.
--
-- KEYS: the hash of the key.
local lease = redis.call('HGET', KEYS[1], 't' .. ARGV[1])
if lease and lease:sub(1, 8) == ARGV[2] then
  redis.call('HDEL', KEYS[1], 't' .. ARGV[1])
end
return 0
