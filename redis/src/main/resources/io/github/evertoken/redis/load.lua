-- ARGV[4] for how long a record with a refresh token is kept after its last use.
if version == 0 then
	return {'NONE'}
end
local retention = tonumber(ARGV[4])
if record.r == '1' and redis.call('PTTL', key) * 2 < retention then
	keep(retention)
end
return answer('RECORD')
