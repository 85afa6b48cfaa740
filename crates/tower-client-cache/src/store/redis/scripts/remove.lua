-- Forgets variants whose contents are still those of these labels: what was put meanwhile stays,
-- what was validated meanwhile goes. Returns how many.
--
-- KEYS: the index of the bucket. The hashes have its hash tag.
local index, prefix, count = KEYS[1], ARGV[1], 0
for at = 2, #ARGV, 2 do
  local name, variant = ARGV[at]:sub(1, 16), ARGV[at]:sub(17, 24)
  local its = prefix .. hex(name)
  local label = redis.call('HGET', its, 'l' .. variant)
  if label and label:sub(17, 32) == ARGV[at + 1]:sub(17, 32) then
    drop(its, index, name, variant)
    count = count + 1
  end
end
return count
