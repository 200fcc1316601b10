-- ARGV[4] the version to replace, [5] the version to be above, [6] nonce, [7] the sealed token set, [8] for how long its access token is
-- good, [9] the writer's clock, [10] 1 if there is a refresh token, [11] for how long the record is kept, [12] 1 if it is merely renewed.
local expected, above = tonumber(ARGV[4]), tonumber(ARGV[5])
if version > expected then
	-- Sent twice, because the first answer was lost.
	return answer(record.w == ARGV[6] and 'SAVED' or 'CONFLICT')
end
-- An older version than the expected one is what a failover has left: whoever writes knows more.
version = math.max(expected, above) + 1
local good = ARGV[8]
if good ~= '' then
	good = text(now + tonumber(good))
end
redis.call('HDEL', key, 'j', 'u', 'b', 'o', 'm', 'k', 'c', 'q')
redis.call('HSET', key, 'f', ARGV[1], 'v', text(version), 'w', ARGV[6], 's', ARGV[7], 'x', good, 'd', text(tonumber(ARGV[9]) - now),
	'r', ARGV[10])
redis.call('PEXPIRE', key, ARGV[11])
tell(ARGV[12] == '1' and ':renewal' or '')
return answer('SAVED')
