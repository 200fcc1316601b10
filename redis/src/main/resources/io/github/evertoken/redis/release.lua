-- ARGV[4] nonce.
if not leased or record.n ~= ARGV[4] then
	return {'NOTHING'}
end
redis.call('HDEL', key, 'u', 'b', 'o')
tell()
return {'ENDED'}
