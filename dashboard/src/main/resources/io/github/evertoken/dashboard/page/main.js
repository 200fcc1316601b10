// Puts the page together: what the endpoint says, what happens, and the clock that runs.

import * as api from './api.js';
import { Client, verdict } from './model.js';
import { ClientView } from './client.js';
import { element, say } from './dom.js';
import { showRequests } from './requests.js';
import { clock, span } from './words.js';

const REFRESH = 5000;
const SOON = 100;

const page = {
	verdict: document.getElementById('verdict'),
	connection: document.getElementById('connection'),
	span: document.getElementById('span'),
	clients: document.getElementById('clients'),
	advice: document.getElementById('advice'),
	astray: document.getElementById('astray')
};
const clients = new Map();
const views = new Map();
let advice = [];
let requests = [];
let writes = [];
let lost;
let refused;
let refreshing;
let planned = false;
let drawing = false;

function client(name) {
	if (!clients.has(name)) {
		clients.set(name, new Client(name));
	}
	return clients.get(name);
}

async function refresh() {
	clearTimeout(refreshing);
	if (!document.hidden) {
		try {
			await look();
			lost = undefined;
			refused = undefined;
		}
		catch (error) {
			refused = error.status ? error.message : undefined;
			lost ??= Date.now();
		}
		show();
	}
	clearTimeout(refreshing);
	refreshing = setTimeout(refresh, REFRESH);
}

async function look() {
	const overview = await api.overview();
	const names = Object.keys(overview.clients ?? {});
	const reports = await Promise.all(names.map((name) => api.client(name)));
	advice = overview.advice ?? [];
	requests = await api.withoutToken();
	reports.forEach((report) => {
		const model = client(report.client);
		model.summary = overview.clients[report.client];
		model.update(report);
		if (!views.has(report.client)) {
			const view = new ClientView(model, refresh);
			view.allow(writes);
			views.set(report.client, view);
			page.clients.append(view.node);
		}
	});
}

// Looks once for all that happens at a time.
function soon() {
	if (!planned) {
		planned = true;
		setTimeout(() => {
			planned = false;
			refresh();
		}, SOON);
	}
}

function showSoon() {
	if (!drawing) {
		drawing = true;
		requestAnimationFrame(() => {
			drawing = false;
			show();
		});
	}
}

function show() {
	const now = Date.now();
	const milliseconds = Number(page.span.value);
	if (lost) {
		page.verdict.className = 'failing';
		say(page.verdict, refused ?? `The application does not answer since ${clock(lost)}`);
	}
	else if (views.size > 0) {
		const [condition, words] = verdict([...views.values()].map((view) => view.model), now, span);
		page.verdict.className = condition;
		say(page.verdict, words);
		document.title = `${condition === 'well' ? '' : `${condition} – `}Evertoken`;
	}
	views.forEach((view) => view.show(now, milliseconds));
	showAdvice();
	showRequests(page.astray, requests);
}

function showAdvice() {
	const told = JSON.stringify(advice);
	if (page.advice.dataset.told !== told) {
		page.advice.dataset.told = told;
		page.advice.hidden = advice.length === 0;
		page.advice.querySelector('ul').replaceChildren(...advice.map((each) => element('li', {},
			`${each.client}: ${each.text}`, ' ',
			/^https?:/.test(each.link ?? '') ? element('a', { href: each.link, rel: 'noopener noreferrer' }, each.id) : `[${each.id}]`)));
	}
}

api.listen({
	connected(allowed, every) {
		writes = allowed ?? [];
		views.forEach((view) => view.allow(writes));
		say(page.connection, every ? `asking every ${span(every)}` : 'live');
	},
	lost() {
		say(page.connection, 'connecting again');
	},
	missed() {
		clients.forEach((each) => each.missed(Date.now()));
	},
	happened(event) {
		client(event.client).happened(event);
		showSoon();
		soon();
	}
});

page.span.value = sessionStorage.getItem('span') ?? '300000';
page.span.addEventListener('change', () => {
	sessionStorage.setItem('span', page.span.value);
	show();
});
document.addEventListener('visibilitychange', refresh);
new ResizeObserver(show).observe(page.clients);
setInterval(() => document.hidden || show(), 1000);
refresh();
