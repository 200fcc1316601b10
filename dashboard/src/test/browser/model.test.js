// Shows what the page makes of what it hears, in whatever order that comes. run.sh starts it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const { Client } = await import(process.env.MODEL);

const at = (second) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const issued = (second, took) => ({ type: 'issued', at: at(second), took, generation: 1, expires: at(59) });
const withToken = (second) => ({ at: at(second), key: { generation: 1, obtained: { at: at(2) }, expires: { at: at(59) } } });
const without = (second) => ({ at: at(second), key: { generation: 0 } });
const end = (client) => new Date(client.endOf(0)).toISOString();

test('a look at a client whose first token is on its way does not end that token', () => {
	const client = new Client('inventory');
	client.happened(issued(5, 3000));
	client.update(without(4));
	assert.equal(end(client), at(59));
});

test('a look from before another look changes nothing', () => {
	const client = new Client('inventory');
	client.happened(issued(5, 3000));
	client.update(withToken(7));
	client.update(without(6));
	assert.equal(end(client), at(59));
	assert.equal(client.own.generation, 1);
});

test('a token that is seen after it seemed removed is there', () => {
	const client = new Client('inventory');
	client.happened(issued(5, 3000));
	client.removed(Date.parse(at(6)));
	client.update(withToken(7));
	assert.equal(end(client), at(59));
});

test('a token that is removed ends then', () => {
	const client = new Client('inventory');
	client.happened(issued(5, 3000));
	client.update(withToken(7));
	client.happened({ type: 'removed', at: at(8) });
	client.update(without(9));
	assert.equal(end(client), at(8));
});
