// What is known of each client, from the endpoint and from what has happened. Nothing here touches the page.

const MOST_LIVES = 60;
const MOST_MARKS = 300;
const MOST_STORIES = 100;
const DEFAULT_RENEWAL = 0.8;
// Two times of one request, told by two, differ by less.
const SAME = 60000;

const time = (text) => (text ? Date.parse(text) : undefined);

export class Client {
	constructor(name) {
		this.name = name;
		this.summary = undefined;
		this.report = undefined;
		this.lives = [];
		this.flights = [];
		this.rejections = [];
		this.cooldowns = [];
		this.outages = [];
		this.gaps = [];
		this.stories = [];
		this.waits = undefined;
	}

	// Takes in what the endpoint says: it knows of a token that was obtained before the oldest event. What it said
	// before it said something else may come after it.
	update(report) {
		const at = time(report.at);
		if (at < time(this.report?.at)) {
			return;
		}
		this.report = report;
		const key = report.key;
		if (key.expires && key.obtained) {
			this.live({ generation: key.generation, obtained: time(key.obtained.at), seen: at, expires: time(key.expires.at),
				renews: time(key.renews?.at) });
		}
		else {
			this.removed(at);
		}
	}

	get own() {
		return this.report?.key;
	}

	get condition() {
		return (this.summary?.condition ?? 'WELL').toLowerCase();
	}

	get failure() {
		return this.summary?.failure;
	}

	get outage() {
		const last = this.outages.at(-1);
		return last && !last.end ? last : undefined;
	}

	// Takes in a token that was seen at a time, in whatever order it is heard of: what happened may be told after what is.
	live(life) {
		const known = this.lives.find((each) => each.generation === life.generation
			&& Math.abs(each.obtained - life.obtained) < SAME);
		if (known) {
			if (known.removed < life.seen) {
				delete known.removed;
			}
			Object.assign(known, life, { seen: Math.min(known.seen, life.seen) });
			return;
		}
		life.renews ??= life.obtained + (life.expires - life.obtained) * Number(this.report?.settings?.['renewal.at'] ?? DEFAULT_RENEWAL);
		push(this.lives, life, MOST_LIVES);
		this.lives.sort((one, other) => one.obtained - other.obtained);
	}

	// A token ends when it is replaced or removed, and at the latest when it expires.
	endOf(at) {
		const life = this.lives[at];
		return Math.min(life.expires, life.removed ?? Infinity, this.lives[at + 1]?.obtained ?? Infinity);
	}

	// Whoever looked while a token was on its way, or before, has not seen it removed.
	removed(at) {
		const last = this.lives.findLast((life) => life.seen <= at);
		if (last && !(last.removed <= at)) {
			last.removed = at;
		}
	}

	happened(event) {
		const at = Date.parse(event.at);
		const own = !event.subject && !event.parameters;
		push(this.stories, { at, event }, MOST_STORIES);
		switch (event.type) {
			case 'issued':
			case 'renewed':
			case 'reissued':
				if (own) {
					this.live({ generation: event.generation, obtained: at - (event.took ?? 0), seen: at, expires: time(event.expires) });
				}
				this.recovered(own, at);
				break;
			case 'renewal-failed':
			case 'issue-failed':
				push(this.cooldowns, { begin: at, end: time(event.until) }, MOST_MARKS);
				// A token that serves on makes no success of a flight that brought none.
				this.flights.filter((flight) => flight.own === own && !flight.end).forEach((flight) => {
					flight.failed = true;
				});
				this.failed(own, at);
				break;
			case 'reauthentication-required':
				this.failed(own, at);
				break;
			case 'flight-started':
				push(this.flights, { flight: event.flight, begin: at, own }, MOST_MARKS);
				break;
			case 'flight-ended':
				this.landed(event, at, own);
				break;
			case 'rejected':
				push(this.rejections, { at }, MOST_MARKS);
				break;
			case 'removed':
				if (own) {
					this.removed(at);
				}
				break;
			case 'waits':
				this.waits = { p50: event.p50, p99: event.p99, at };
				break;
		}
	}

	landed(event, at, own) {
		let flight = this.flights.find((each) => each.flight === event.flight);
		if (!flight) {
			flight = { flight: event.flight, begin: Date.parse(event.began), own };
			push(this.flights, flight, MOST_MARKS);
		}
		flight.end = at;
		flight.failed ||= !['success', 'cancelled'].includes(event.outcome);
	}

	failed(own, at) {
		if (own && !this.outage) {
			push(this.outages, { begin: at }, MOST_MARKS);
		}
	}

	// A token has come: an outage and the cooldown end.
	recovered(own, at) {
		if (own && this.outage) {
			this.outage.end = at;
		}
		const cooldown = this.cooldowns.at(-1);
		if (cooldown && cooldown.end > at) {
			cooldown.end = at;
		}
	}

	missed(at) {
		push(this.gaps, { at }, MOST_MARKS);
		push(this.stories, { at, event: { type: 'some events are missing here' } }, MOST_STORIES);
	}
}

function push(list, item, most) {
	list.push(item);
	if (list.length > most) {
		list.shift();
	}
}

// One look: the worst client decides.
export function verdict(clients, now, words) {
	const names = (condition) => clients.filter((client) => client.condition === condition);
	const since = (client) => {
		const began = Date.parse(client.failure?.since?.at ?? '') || client.outage?.begin;
		return began ? `${client.name}, for ${words(now - began)}` : client.name;
	};
	const failing = names('failing');
	if (failing.length > 0) {
		return ['failing', `Calls fail: ${failing.map(since).join('; ')}`];
	}
	const degraded = names('degraded');
	if (degraded.length > 0) {
		return ['degraded', `Calls go on, but no new token comes: ${degraded.map(since).join('; ')}`];
	}
	if (clients.length === 0) {
		return ['well', 'There is no client'];
	}
	return ['well', `All is well: ${clients.length === 1 ? '1 client' : `${clients.length} clients`}`];
}
