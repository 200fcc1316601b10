// The token taken apart: what it says of itself, with a running clock.

import { pairs } from './dom.js';
import { fromNow } from './words.js';

const shown = (value, now) => {
	if (typeof value?.at === 'string') {
		return `${fromNow(Date.parse(value.at), now)} (${value.at})`;
	}
	if (Array.isArray(value)) {
		return value.join(', ');
	}
	return value && typeof value === 'object' ? JSON.stringify(value) : value;
};

export function showToken(list, note, key, now) {
	const token = key?.token;
	note.textContent = token ? token.says : 'No token is held.';
	pairs(list, token ? [
		['type', token.type],
		...Object.entries(token.header ?? {}),
		...Object.entries(token.claims ?? {}).map(([name, value]) => [name, shown(value, now)])
	] : []);
}

// What is to be known of a key at one look.
export function keyFacts(key, now) {
	const when = (point) => (point ? fromNow(Date.parse(point.at), now) : undefined);
	return [
		['phase', key.phase?.toLowerCase().replaceAll('_', ' ')],
		['token', key.generation || 'none yet'],
		['expires', when(key.expires)],
		['renews', key.expires ? when(key.renews) : undefined],
		['lifetime', key.lifetime?.words],
		['cooldown ends', when(key.cooldown)],
		['flight', key.flight ? `since ${when(key.flight.since)}, attempts: ${key.flight.attempts}` : undefined],
		['granted', key.scope?.join(' ')],
		['refresh token', key.refreshToken ? 'held' : undefined],
		['session ends', when(key.session)]
	];
}
