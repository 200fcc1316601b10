// Draws a lane: the lives of a client's tokens, and what happened to them.

import { shape } from './dom.js';
import { clock } from './words.js';

const HEIGHT = 92;
const PAST = 0.7;
const LIVES = { y: 6, height: 24 };
const FLIGHTS = { y: 36, height: 12 };
const COOLDOWNS = { y: 52, height: 6 };
const REJECTIONS = 62;
const AXIS = 76;
const MARKS = 4;

// Draws what is to be seen at a time. The lane is an image: what it says in words is in the list below it.
export function draw(svg, client, now, milliseconds) {
	const width = Math.max(svg.clientWidth, 200);
	const begin = now - milliseconds * PAST;
	const x = (at) => ((at - begin) / milliseconds) * width;
	const shapes = [];
	const bar = (name, from, to, row, title) => {
		const left = Math.max(-2, x(from));
		const right = Math.min(width + 2, x(to));
		if (right > 0 && left < width && right >= left) {
			shapes.push(shape('rect', { class: name, x: left, y: row.y, width: Math.max(2, right - left), height: row.height, rx: 2 },
				title ? shape('title', {}, title) : null));
		}
		return [left, right];
	};
	const line = (name, at, from, to) => {
		if (x(at) >= 0 && x(at) <= width) {
			shapes.push(shape('line', { class: name, x1: x(at), x2: x(at), y1: from, y2: to }));
		}
	};

	client.outages.forEach((outage) => bar('outage', outage.begin, outage.end ?? now, { y: 0, height: AXIS }, 'outage'));
	client.lives.forEach((life, at) => drawLife(life, client.endOf(at), now, bar, line, shapes));
	client.flights.forEach((flight) => bar(`flight${flight.failed ? ' failed' : ''}${flight.end ? '' : ' running'}`, flight.begin,
		flight.end ?? now, FLIGHTS, flight.failed ? 'failed flight' : 'flight'));
	client.cooldowns.forEach((cooldown) => bar('cooldown', cooldown.begin, cooldown.end, COOLDOWNS, 'cooldown'));
	client.rejections.filter(({ at }) => x(at) >= 0).forEach(({ at }) => shapes.push(shape('path', { class: 'rejection',
		d: `M${x(at)} ${REJECTIONS}l5 10h-10z` }, shape('title', {}, 'rejection'))));
	client.gaps.forEach(({ at }) => line('gap', at, 0, AXIS));
	drawAxis(now, milliseconds, begin, x, width, shapes, line);
	svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
	svg.replaceChildren(...shapes);
}

function drawLife(life, end, now, bar, line, shapes) {
	const current = end > now;
	const [left, right] = bar(`life${current ? ' current' : ''}`, life.obtained, end, LIVES, `token ${life.generation}`);
	if (life.renews < end) {
		line('renewal', life.renews, LIVES.y, LIVES.y + LIVES.height);
	}
	const text = String(life.generation);
	if (right - Math.max(0, left) > text.length * 8 + 8 && right > 0) {
		shapes.push(shape('text', { class: 'number', x: Math.max(0, left) + 5, y: LIVES.y + 16 }, text));
	}
}

function drawAxis(now, milliseconds, begin, x, width, shapes, line) {
	shapes.push(shape('line', { class: 'axis', x1: 0, x2: width, y1: AXIS, y2: AXIS }));
	line('now', now, 0, AXIS);
	const marks = width < 480 ? MARKS / 2 : MARKS;
	for (let mark = 0; mark < marks; mark++) {
		const at = begin + (milliseconds * mark) / marks;
		shapes.push(shape('text', { x: x(at) + 2, y: HEIGHT - 4 }, clock(at)));
	}
	shapes.push(shape('text', { x: Math.min(x(now) + 4, width - 24), y: HEIGHT - 4 }, 'now'));
}
