-- Visits a page of a bucket's index, and deletes, lists or counts what has a mark, or all.
--
-- KEYS: the index of the bucket. The hashes that it names have its hash tag.
local index = KEYS[1]
local what, prefix, mark = ARGV[1], ARGV[2], ARGV[3]
local cursor, page = ARGV[4], ARGV[5]
local ends_leases = ARGV[6] == '1'

-- Before anything is forgotten: what was asked for before is not kept after.
if ends_leases and cursor == '0' then
  local generation = special(index, 'g')
  if generation then
    redis.call('ZREM', index, 'g' .. generation)
  end
end

local function has_mark(member)
  if mark == '' then
    return true
  end
  for at = 25, #member, 16 do
    if member:sub(at, at + 15) == mark then
      return true
    end
  end
  return false
end

local entries, bytes, listed = 0, 0, {}
local incarnation = special(index, 'i')
local found = redis.call('ZSCAN', index, cursor, 'COUNT', page)
for at = 1, #found[2], 2 do
  local member = found[2][at]
  if #member >= 24 and has_mark(member) then
    local name, variant = member:sub(1, 16), member:sub(17, 24)
    local its = prefix .. hex(name)
    local label = redis.call('HGET', its, 'l' .. variant)
    -- What was evicted is in the index alone.
    local is_there = label and label:sub(25, 32) == incarnation and label:sub(41) == member:sub(25)
    if is_there then
      entries = entries + 1
      if what == 'delete' then
        drop(its, index, name, variant)
      elseif what == 'size' then
        bytes = bytes + redis.call('HSTRLEN', its, 'h' .. variant)
          + redis.call('HSTRLEN', its, 'c' .. variant)
      else
        local head = redis.call('HGET', its, 'h' .. variant)
        if head then
          table.insert(listed, member:sub(1, 24))
          table.insert(listed, label)
          table.insert(listed, head)
        end
      end
    elseif what == 'delete' then
      redis.call('ZREM', index, member)
    end
  end
end
return { found[1], entries, bytes, listed }
