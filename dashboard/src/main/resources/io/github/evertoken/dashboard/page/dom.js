// What makes and changes elements. Text is always set as text: nothing of a token or a name becomes markup.

const SVG = 'http://www.w3.org/2000/svg';

export function element(name, attributes = {}, ...children) {
	return fill(document.createElement(name), attributes, children);
}

export function shape(name, attributes = {}, ...children) {
	return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === 'function') {
			node.addEventListener(name, value);
		}
		else if (value === true) {
			node.setAttribute(name, '');
		}
		else if (value !== false && value !== undefined && value !== null) {
			node.setAttribute(name, value);
		}
	}
	node.append(...children.flat().filter((child) => child !== undefined && child !== null));
	return node;
}

// Changes a text only if it is another one, so that a screen reader does not say it again.
export function say(node, text) {
	if (node.textContent !== text) {
		node.textContent = text;
	}
}

// Shows pairs of a name and a text; a pair without a text is left out. What stands there already is kept.
export function pairs(list, rows) {
	const shown = rows.filter(([, text]) => text !== undefined && text !== null && text !== '');
	while (list.children.length > shown.length) {
		list.lastElementChild.remove();
	}
	shown.forEach(([name, text], at) => {
		if (!list.children[at]) {
			list.append(element('div', {}, element('dt'), element('dd')));
		}
		const [term, description] = list.children[at].children;
		say(term, name);
		say(description, String(text));
	});
}
