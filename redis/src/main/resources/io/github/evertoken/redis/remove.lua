-- ARGV[4] nonce, [5] for how long the tombstone is kept.
if record.w ~= ARGV[4] then
	version = version + 1
	redis.call('HDEL', key, 's', 'x', 'd', 'r', 'j', 'u', 'b', 'o', 'm', 'k', 'c', 'q')
	redis.call('HSET', key, 'f', ARGV[1], 'v', text(version), 'w', ARGV[4])
	redis.call('PEXPIRE', key, ARGV[5])
	tell('')
end
return {'REMOVED', text(now), text(version)}
