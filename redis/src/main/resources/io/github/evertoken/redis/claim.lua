-- ARGV[4] nonce, [5] the known version, [6] the rejected version, [7] for how long the lease lasts, [8] 1 if a pause does not count,
-- [9] who asks, [10] for how long a record is kept after the end of a lease.
local nonce, known, rejected, lease = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local again = record.n == nonce
if leased and again then
	return answer('WON', record.t, record.m)
end
if rejected > 0 and rejected == version then
	record.j = text(version)
	redis.call('HSET', key, 'j', record.j)
end
if record.s and version > known and number('j') ~= version and (record.x == '' or number('x') > now) then
	return answer('FRESH')
end
if leased then
	return {'BUSY', text(number('u') - now), text(now - number('b')), record.o or ''}
end
if record.k and ARGV[8] ~= '1' and (record.k == 'REAUTHENTICATION' or number('c') > now) then
	return {'PAUSED', text(math.max(number('c') - now, 0)), record.k, record.q or ''}
end
if again then
	return {'BUSY', '0', '0', ''}
end
-- The time of the last lease was over before anything ended it: nobody knows what its holder has redeemed.
if record.u then
	record.m = '1'
	redis.call('HSET', key, 'm', '1')
end
local fence = text(number('t') + 1)
redis.call('HSET', key, 'f', ARGV[1], 't', fence, 'n', nonce, 'u', text(now + lease), 'b', text(now), 'o', ARGV[9])
keep(lease + tonumber(ARGV[10]))
return answer('WON', fence, record.m)
