// One client: its lane, its facts, and what can be done about it.

import { element, shape, pairs, say } from './dom.js';
import { draw } from './lane.js';
import { showToken, keyFacts } from './token.js';
import { subjects } from './subjects.js';
import { clock, fromNow, plain, span, story } from './words.js';
import * as api from './api.js';

const SIGNS = { well: '✓ well', degraded: '! degraded', failing: '✕ failing' };

export class ClientView {
	constructor(model, refresh) {
		this.model = model;
		this.refresh = refresh;
		this.writes = [];
		const id = `client-${model.name}`;
		this.badge = element('span', { class: 'badge' });
		this.actions = element('p', { class: 'actions' }, ...this.offers());
		this.trouble = element('p', { class: 'trouble' });
		this.refusal = element('p', { class: 'refusal' });
		this.facts = element('dl', { class: 'facts' });
		this.said = element('p', { class: 'said', role: 'status' });
		this.svg = shape('svg', { class: 'lane', role: 'img', 'aria-label': `The lane of ${model.name}` });
		this.claims = element('dl', { class: 'columns' });
		this.note = element('p');
		this.subjects = subjects(model.name, (subject) => this.offers(subject));
		this.rows = element('tbody');
		this.settings = element('dl', { class: 'columns' });
		this.node = element('section', { class: 'client', 'aria-labelledby': id },
			element('div', { class: 'title' }, element('h2', { id }, model.name), this.badge, this.actions),
			this.trouble, this.refusal, this.svg, this.facts, this.said,
			element('details', {}, element('summary', {}, 'The token taken apart'), this.note, this.claims),
			this.subjects.node,
			element('details', {}, element('summary', {}, 'What happened'),
				element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `What happened to ${model.name}` },
					element('table', {}, element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'when'),
						element('th', { scope: 'col' }, 'what'))), this.rows))),
			element('details', {}, element('summary', {}, 'Settings'), this.settings));
	}

	// The buttons that the access of the endpoint allows, for the service's own key or for a subject's.
	offers(subject) {
		const offered = [];
		if (this.writes.includes('renew')) {
			offered.push(element('button', { type: 'button', click: () => this.act(api.renew, subject) }, 'Renew'));
		}
		if (this.writes.includes('remove')) {
			offered.push(element('button', { type: 'button', click: () => this.confirm(subject) }, 'Remove'));
		}
		const whose = subject ? `subject ${subject} of ${this.model.name}` : this.model.name;
		offered.forEach((button) => button.setAttribute('aria-label', `${button.textContent} the token of ${whose}`));
		return offered;
	}

	allow(writes) {
		if (writes.join() !== this.writes.join()) {
			this.writes = writes;
			this.actions.replaceChildren(...this.offers());
		}
	}

	async act(operation, subject) {
		say(this.said, 'Asked …');
		try {
			say(this.said, (await operation(this.model.name, subject)).says);
		}
		catch (error) {
			say(this.said, error.status === 403 ? 'The application has refused it: 403. See docs/dashboard.md on CSRF and roles.'
				: error.message);
		}
		this.refresh();
	}

	confirm(subject) {
		const whose = subject ? `of ${subject}` : `of ${this.model.name} itself`;
		const dialog = element('dialog', { 'aria-label': 'Remove the token', close: () => dialog.remove() },
			element('p', {}, `Forget the token ${whose}? ${subject ? 'The subject has to log in again.'
				: 'A client with a grant of its own begins anew; any other one is signed out.'}`),
			element('div', { class: 'actions' },
				element('button', { type: 'button', click: () => dialog.close() }, 'Keep it'),
				element('button', { type: 'button', click: () => {
					dialog.close();
					this.act(api.remove, subject);
				} }, 'Remove it')));
		document.body.append(dialog);
		dialog.showModal();
	}

	show(now, milliseconds) {
		const { model } = this;
		this.badge.className = `badge ${model.condition}`;
		say(this.badge, SIGNS[model.condition] ?? model.condition);
		this.showTrouble(model.failure);
		const key = model.own;
		this.showRefusal(key?.rejection, now);
		pairs(this.facts, [
			...(key ? keyFacts(key, now) : []),
			['waiting', model.report?.waiting],
			['waits p50', model.waits ? span(model.waits.p50) : 'none'],
			['waits p99', model.waits ? span(model.waits.p99) : undefined],
			['forgotten', model.report?.forgotten || undefined]
		]);
		draw(this.svg, model, now, milliseconds);
		this.svg.setAttribute('aria-label', `The lane of ${model.name}: ${plain(model.condition)}, `
			+ `${model.rejections.length} rejections, ${model.outages.length} outages. What happened is listed below.`);
		showToken(this.claims, this.note, key, now);
		this.subjects.update(model.report?.subjects);
		this.showStories();
		pairs(this.settings, Object.entries(model.report?.settings ?? {})
			.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
	}

	showTrouble(failure) {
		this.trouble.className = `trouble ${this.model.condition}`;
		const times = failure?.count ? `, ${failure.count} in a row` : '';
		const since = failure?.since ? ` since ${clock(Date.parse(failure.since.at))}` : '';
		say(this.trouble, failure ? `${failure.kind}${times}${since}: ${failure.message}` : '');
	}

	// Why the last token was refused, which may be long ago.
	showRefusal(rejection, now) {
		say(this.refusal, rejection ? `Token refused ${fromNow(Date.parse(rejection.at.at), now)}: ${rejection.words}` : '');
	}

	showStories() {
		const { stories } = this.model;
		if (stories.length > 0 && this.shown !== stories.at(-1)) {
			this.shown = stories.at(-1);
			this.rows.replaceChildren(...stories.toReversed().map(({ at, event }) => element('tr', {},
				element('td', {}, clock(at)), element('td', {}, story(event)))));
		}
	}
}
