// What is asked of the application: the endpoint, above this page, and its events. Nothing else is.

const endpoint = location.pathname.replace(/\/ui\/[^/]*$/, '');

export class Refused extends Error {
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

function path(client, subject) {
	const query = subject ? `?subject=${encodeURIComponent(subject)}` : '';
	return `${endpoint}/${encodeURIComponent(client)}${query}`;
}

async function ask(url, options = {}) {
	const response = await fetch(url, {
		cache: 'no-store',
		credentials: 'same-origin',
		redirect: 'error',
		...options,
		headers: { Accept: 'application/json', ...options.headers }
	});
	const type = response.headers.get('Content-Type') ?? '';
	const body = type.includes('json') ? await response.json() : undefined;
	if (!response.ok) {
		throw new Refused(response.status, body?.says ?? body?.message ?? `The application answered ${response.status}`);
	}
	return body;
}

export const overview = () => ask(endpoint);

// The requests that have lately gone without a token. Where a client has this name, it is what is told of instead.
export const withoutToken = async () => (await ask(`${endpoint}/explain`)).requests ?? [];

export const client = (name, subject) => ask(path(name, subject));

// Spring Security's cookie, where an application lets a page read it.
function csrf() {
	const cookie = document.cookie.split('; ').find((each) => each.startsWith('XSRF-TOKEN='));
	return cookie ? { 'X-XSRF-TOKEN': decodeURIComponent(cookie.slice('XSRF-TOKEN='.length)) } : {};
}

export const renew = (name, subject) => ask(path(name), {
	method: 'POST',
	headers: { 'Content-Type': 'application/json', ...csrf() },
	body: JSON.stringify(subject ? { subject } : {})
});

export const remove = (name, subject) => ask(path(name, subject), { method: 'DELETE', headers: csrf() });

// How often to ask where streams are refused, and after how long to try one again.
const POLL = 2000;
const AGAIN = 30_000;

// Tells what happens for as long as the page is open: by server-sent events, which the browser connects again by
// itself, or by asking again and again where those are refused, for as long as they are.
export function listen(listener) {
	let cursor = '';
	const query = () => (cursor ? `?since=${encodeURIComponent(cursor)}` : '');

	const happened = (event) => {
		cursor = event.id;
		listener.happened(event);
	};

	const stream = () => {
		const source = new EventSource(`${endpoint}/events${query()}`);
		source.addEventListener('hello', (message) => listener.connected(JSON.parse(message.data).writes));
		source.addEventListener('missed', () => listener.missed());
		source.addEventListener('happened', (message) => happened(JSON.parse(message.data)));
		source.addEventListener('error', () => {
			if (source.readyState === EventSource.CLOSED) {
				poll(Date.now() + AGAIN);
			}
			else {
				listener.lost();
			}
		});
	};

	// Never beside a stream, which would tell the same once more.
	const poll = async (until) => {
		try {
			const answer = await ask(`${endpoint}/events${query()}`);
			listener.connected(answer.writes, POLL);
			if (answer.missed) {
				listener.missed();
			}
			answer.events.forEach(happened);
			cursor = answer.next;
		}
		catch (error) {
			listener.lost(error);
		}
		setTimeout(() => (Date.now() < until ? poll(until) : stream()), POLL);
	};

	stream();
}
