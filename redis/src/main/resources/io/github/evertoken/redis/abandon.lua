-- ARGV[4] nonce, [5] kind of the failure, [6] cooldown, [7] the failure, sealed, [8] 1 if it is ambiguous, [9] for how long a record is
-- kept after the end of a cooldown, [10] for how long after a sign-out.
-- A lease whose time is over is held until somebody else claims the record.
if not record.u or record.n ~= ARGV[4] then
	return {'NOTHING'}
end
redis.call('HDEL', key, 'u', 'b', 'o', 'k', 'c', 'q')
local cooldown = tonumber(ARGV[6])
if ARGV[5] == 'REAUTHENTICATION' then
	redis.call('HSET', key, 'k', ARGV[5], 'q', ARGV[7])
	keep(tonumber(ARGV[10]))
elseif cooldown > 0 then
	redis.call('HSET', key, 'k', ARGV[5], 'q', ARGV[7], 'c', text(now + cooldown))
	keep(cooldown + tonumber(ARGV[9]))
end
if ARGV[8] == '1' then
	redis.call('HSET', key, 'm', '1')
end
return {'ENDED'}
