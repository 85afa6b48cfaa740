-- What several scripts do; it stands before each of them.
--
-- An index is a sorted set. Its members are name (16 bytes), variant (8) and marks (16 each: the
-- principal's, then the tags'), by the time they expire in ms. Two more never expire: 'i' and the
-- incarnation of the bucket (8 bytes), 'g' and its generation (8).
--
-- The hash of a key has for each variant 'l' (label), 'h' (head) and 'c' (content); 'f', the fence;
-- and for each flight 't', a lease: its token (8 bytes), the bucket's generation when it was granted
-- (8), then its deadline in ms.
--
-- A label has five numbers of 8 bytes: received, date, content id, incarnation, length; then marks.

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Without arguments of more than 53 bits: a number here is a double.
local function number(text, at)
  return struct.unpack('>I8', text, at)
end

-- The incarnation or the generation of a bucket, if there is one.
local function special(index, kind)
  for _, member in ipairs(redis.call('ZRANGE', index, '+inf', '+inf', 'BYSCORE')) do
    if #member == 9 and member:sub(1, 1) == kind then
      return member:sub(2)
    end
  end
end

local function special_or(index, kind, new)
  local found = special(index, kind)
  if not found then
    found = new
    redis.call('ZADD', index, '+inf', kind .. new)
  end
  return found
end

-- Lets a key live so long from now at least.
local function live_on(key, ms)
  if redis.call('PTTL', key) < ms then
    redis.call('PEXPIRE', key, ms)
  end
end

-- Whether a label is newer than the times in another. One that is a minute ahead of both is
-- wrong: the clock of who put it is.
local function is_newer(label, than)
  local own, other = number(label, 1), number(than, 1)
  if own ~= other then
    return own > other and not (own > other + 60 and own * 1000 > now() + 60000)
  end
  return number(label, 9) > number(than, 9)
end

local function hex(name)
  return (name:gsub('.', function(byte) return string.format('%02x', byte:byte()) end))
end

-- Whether a lease is still good: not once it has expired, nor once a selection was forgotten.
local function is_live(lease, generation)
  return lease:sub(9, 16) == generation and (tonumber(lease:sub(17)) or 0) > now()
end

-- Removes a variant, and returns its label if there was one.
local function drop(entries, index, name, variant)
  local label = redis.call('HGET', entries, 'l' .. variant)
  redis.call('HDEL', entries, 'l' .. variant, 'h' .. variant, 'c' .. variant)
  if label then
    redis.call('ZREM', index, name .. variant .. label:sub(41))
  end
  return label
end

-- Calls what it is given with all variants of a key and their labels.
local function each_variant(entries, visit)
  for _, field in ipairs(redis.call('HKEYS', entries)) do
    if #field == 9 and field:sub(1, 1) == 'l' then
      visit(field:sub(2), redis.call('HGET', entries, field))
    end
  end
end
