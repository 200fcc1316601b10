// Times and names in words.

const UNITS = [['d', 86400], ['h', 3600], ['m', 60], ['s', 1]];

// A length of time in its two greatest units, as the endpoint says it.
export function span(milliseconds) {
	if (milliseconds < 1000) {
		return `${Math.max(0, Math.round(milliseconds))} ms`;
	}
	let rest = Math.floor(milliseconds / 1000);
	const words = [];
	let units = 0;
	for (const [unit, seconds] of UNITS) {
		const number = Math.floor(rest / seconds);
		rest -= number * seconds;
		if (number > 0 || units > 0) {
			units++;
			if (number > 0 && units <= 2) {
				words.push(`${number} ${unit}`);
			}
		}
	}
	return words.join(' ');
}

// A time that no calendar has, such as that of a renewal that is not to be, is left out.
export function fromNow(at, now) {
	const difference = at - now;
	if (Number.isNaN(difference)) {
		return undefined;
	}
	if (Math.abs(difference) < 500) {
		return 'now';
	}
	return difference > 0 ? `in ${span(difference)}` : `${span(-difference)} ago`;
}

export function clock(at) {
	const date = new Date(at);
	const two = (number) => String(number).padStart(2, '0');
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

// RENEWAL_TIME and renewal-time alike.
export function plain(word) {
	return String(word ?? '').toLowerCase().replaceAll('_', ' ').replaceAll('-', ' ');
}

// Why a token was refused, in brief; the endpoint has the whole sentence.
const REASONS = {
	'insufficient-scope': 'because its scope does not do',
	'expired': 'because it has expired',
	'not-yet-valid': 'because it is not valid yet',
	'revoked': 'which the same server had accepted before',
	'stated': 'as the server says why',
	'audience': 'possibly because of its audience',
	'accepted-elsewhere': 'which another server has accepted',
	'unknown': 'for a reason that nobody knows',
	'opaque': 'and nothing can be told from it'
};

const STORIES = {
	'issued': (event) => `token ${event.generation} issued in ${span(event.took)}`,
	'renewed': (event) => `token renewed in ${span(event.took)}: it is ${event.generation} now`,
	'reissued': (event) => `token ${event.generation} issued in ${span(event.took)}, after one that served no more`,
	'renewal-failed': (event) => `no new token (${plain(event.outcome)}), and the old one serves on; next attempt after ${clock(Date.parse(event.until))}`,
	'issue-failed': (event) => `no token (${plain(event.outcome)}), and calls fail; next attempt after ${clock(Date.parse(event.until))}`,
	'rejected': (event) => `token ${event.generation} rejected, ${REASONS[event.reason] ?? 'for a reason that nobody knows'}; ${event.renewing ? 'it is being replaced' : 'no more renewals because of rejections for now'}`,
	'rejections': (event) => `${event.count} × rejected: ${plain(event.outcome)}`,
	'resends': (event) => `${event.count} × sent once more: ${plain(event.outcome)}`,
	'waits': (event) => `${event.count} waited${event.failed ? `, ${event.failed} in vain` : ''}; p50 ${span(event.p50)}, p99 ${span(event.p99)}`,
	'flight-started': (event) => `flight took off: ${plain(event.trigger)}`,
	'flight-ended': (event) => `flight ended after ${span(Date.parse(event.at) - Date.parse(event.began))}: ${plain(event.outcome)}`,
	'reauthentication-required': () => 'signed out: somebody must log in again',
	'step-up-required': () => 'a resource server wants a stronger or a newer login',
	'session-ending': (event) => `the session ends at ${clock(Date.parse(event.ends))}, unless somebody logs in before`,
	'lifetime-too-short': () => 'no token lives as long as a caller has asked for',
	'suspect-served': () => 'no other token can be had: the rejected one serves again',
	'refresh-ambiguous': () => 'nobody knows whether a refresh token was redeemed: it is sent once more',
	'removed': () => 'removed',
	'forgotten': (event) => `forgotten: ${event.tooMany ? 'there were too many' : 'it was idle'}`
};

// What happened, in a sentence.
export function story(event) {
	const tell = STORIES[event.type];
	const words = tell ? tell(event) : plain(event.type);
	const whose = [event.subject && 'a subject', event.parameters].filter(Boolean).join(', ');
	return whose ? `${words} (${whose})` : words;
}
