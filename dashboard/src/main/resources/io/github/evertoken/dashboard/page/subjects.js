// The subjects of a client: how many are in which phase, and one that is asked for by its name.

import { element, pairs, say } from './dom.js';
import { keyFacts } from './token.js';
import { plain } from './words.js';
import * as api from './api.js';

export function subjects(name, offers) {
	const phases = element('dl', { class: 'facts' });
	const none = element('p', {}, 'No subject has a token here.');
	const input = element('input', { name: 'subject', autocomplete: 'off', required: true, maxlength: '1024' });
	const answer = element('div', { 'aria-live': 'polite' });
	const form = element('form', { submit: (event) => {
		event.preventDefault();
		look(name, input.value, answer, offers);
	} }, element('label', {}, 'Subject ', input), element('button', { type: 'submit' }, 'Look'));
	const node = element('details', {}, element('summary', {}, 'Subjects'), none, phases, form, answer);
	const update = (counts) => {
		const rows = Object.entries(counts ?? {}).map(([phase, count]) => [plain(phase), count]);
		none.hidden = rows.length > 0;
		phases.hidden = rows.length === 0;
		pairs(phases, rows);
		say(node.firstElementChild, `Subjects (${rows.reduce((sum, [, count]) => sum + count, 0)})`);
	};
	return { node, update };
}

async function look(name, subject, answer, offers) {
	try {
		const { subject: report } = await api.client(name, subject);
		const keys = [report.key && ['', report.key],
			...(report.varied ?? []).map(({ parameters, key }) => [JSON.stringify(parameters), key])].filter(Boolean);
		answer.replaceChildren(element('h3', {}, report.subject),
			...keys.flatMap(([varied, key]) => {
				const facts = element('dl', { class: 'facts' });
				pairs(facts, [['with', varied], ...keyFacts(key, Date.now())]);
				return [facts];
			}),
			element('p', { class: 'actions' }, ...offers(subject)));
	}
	catch (error) {
		answer.replaceChildren(element('p', {}, error.message));
	}
}
