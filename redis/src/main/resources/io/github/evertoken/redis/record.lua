-- What stands before every step. A record is one hash, so that all of it has one slot:
--   f format   v version   s the sealed token set, absent in a tombstone and before the first write   w nonce of the last write
--   r 1 if there is a refresh token   x until when the access token is good, empty if nobody knows   d clock of the writer minus ours
--   j the version that was rejected   t fence   n nonce of the last lease   u until when it lasts, while nothing has ended it
--   b since when   o who has it   m 1 if the record is ambiguous   k kind of the failure that pauses it   c until when   q the failure, sealed
-- All times are Redis's own, in milliseconds.
local key = KEYS[1]
local format, channel, message = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local record = {}
local fields = redis.call('HGETALL', key)
for i = 1, #fields, 2 do
	record[fields[i]] = fields[i + 1]
end
-- Whoever is newer knows what this one would destroy.
if record.f and tonumber(record.f) > format then
	return {'NEWER', record.f}
end

local function number(field)
	return tonumber(record[field] or 0)
end

local function text(n)
	return string.format('%.0f', n)
end

local version = number('v')
local leased = number('u') > now

local function answer(status, first, second)
	return {status, text(now), text(version), record.d or '0', record.s or '', first or '', second or ''}
end

-- Never shortens what a record may last.
local function keep(ttl)
	if redis.call('PTTL', key) < ttl then
		redis.call('PEXPIRE', key, text(ttl))
	end
end

local function tell(more)
	redis.call('PUBLISH', channel, message .. more)
end

