// Requests that went without a token and were answered 401: no client covers them, though one may have been meant to.

import { element } from './dom.js';
import { clock } from './words.js';

const UNAUTHORIZED = 401;
const MOST = 10;

export function showRequests(section, requests) {
	const astray = new Map();
	requests.filter(({ status }) => status === UNAUTHORIZED).forEach((request) => {
		const { method, url } = request.explanation;
		if (!astray.has(`${method} ${url}`)) {
			astray.set(`${method} ${url}`, request);
		}
	});
	const rows = [...astray.values()].slice(0, MOST);
	const told = JSON.stringify(rows.map(({ at, explanation }) => [at.at, explanation.message]));
	if (section.dataset.told !== told) {
		section.dataset.told = told;
		section.hidden = rows.length === 0;
		section.querySelector('ul').replaceChildren(...rows.map(({ at, explanation }) => element('li', {},
			`${clock(Date.parse(at.at))}: ${[explanation.message, explanation.advice].filter(Boolean).map(sentence).join(' ')}`)));
	}
}

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);
