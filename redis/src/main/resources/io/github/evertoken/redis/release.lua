-- ARGV[4] nonce, [5] for how long a record is kept of which nothing else is known.
if record.u and record.n == ARGV[4] then
	redis.call('HDEL', key, 'u', 'b', 'o')
elseif not record.u then
	-- Its claim may still be on its way.
	redis.call('HSET', key, 'f', ARGV[1], 'n', ARGV[4])
	keep(tonumber(ARGV[5]))
end
return {'ENDED'}
