// Drives the page through a revocation, an outage and a renewal, in both themes and on a narrow screen, and has
// axe-core look at each of them. With SCREENSHOTS set to a directory, it leaves what is seen there.
//
// run.sh starts it, with the addresses of the application.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const addresses = JSON.parse(readFileSync(process.env.ADDRESSES, 'utf8'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = process.env.SCREENSHOTS;
const patience = { timeout: 60_000 };
const origin = new URL(addresses.page).origin;

let browser;
let context;
let page;
const complaints = [];
const elsewhere = [];

const control = async (path) => {
	const response = await fetch(`${addresses.control}/${path}`);
	return response.text();
};

const see = (selector, text, where = page) => where.locator(selector, { hasText: text }).first()
	.waitFor({ state: 'visible', ...patience });

const happened = async (text) => {
	await page.locator('summary', { hasText: 'What happened' }).evaluate((summary) => {
		summary.parentElement.open = true;
	});
	await see('td', text);
};

async function until(condition, what) {
	const deadline = Date.now() + patience.timeout;
	while (!await condition()) {
		assert.ok(Date.now() < deadline, what);
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
}

async function shoot(name) {
	if (screenshots) {
		mkdirSync(screenshots, { recursive: true });
		await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
	}
}

// The page's policy lets no script in that is not its own, and axe-core is none: it is evaluated from outside.
async function accessible(what) {
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
	assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), [], what);
}

before(async () => {
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM,
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
	});
	context = await browser.newContext({ viewport: { width: 1100, height: 900 }, colorScheme: 'light' });
	page = await context.newPage();
	page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
	page.on('pageerror', (error) => complaints.push(String(error)));
	page.on('request', (request) => new URL(request.url()).origin !== origin && elsewhere.push(request.url()));
	await page.goto(addresses.page, patience);
	await page.selectOption('#span', '300000');
});

after(() => browser?.close());

test('a client without a token is well', async () => {
	await see('#verdict.well', 'All is well: 1 client');
	await see('#connection', 'live');
	await see('h2', 'inventory');
});

test('the first token is seen at once, taken apart, with its life and its flight in the lane', async () => {
	assert.match(await control('call?20'), /^\[(200, ){19}200]$/);
	await happened('token 1 issued');
	await happened('waited; p50');
	await page.locator('rect.life.current').waitFor({ state: 'attached', ...patience });
	await page.locator('line.renewal').waitFor({ state: 'attached', ...patience });
	assert.ok(await page.locator('rect.flight').count() > 0);
	await page.locator('summary', { hasText: 'The token taken apart' }).click();
	await see('.columns dd', 'inventory.read');
	await see('.columns dd', /^inventory$/);
	await see('.columns dd', /in .*\d+ s/);
	const body = await page.content();
	const signature = await control('signature');
	assert.ok(signature.length > 40);
	assert.ok(!body.includes(signature.slice(0, 20)));
	assert.doesNotMatch(body, /planted-secret/);
});

test('a renewal is a button, and works by the keyboard', async () => {
	const renew = page.getByRole('button', { name: 'Renew the token of inventory' });
	await renew.focus();
	await page.keyboard.press('Enter');
	await see('.said', 'Another token is on its way');
	await happened('it is 2 now');
	await shoot('dashboard-well');
	await accessible('well');
});

test('a revocation is a rejection in the lane, and calls go on', async () => {
	await control('revoke');
	assert.equal(await control('call'), '[200]');
	await happened('token 2 rejected');
	await page.locator('path.rejection').first().waitFor({ state: 'attached', ...patience });
	await happened('sent once more: accepted');
	await see('#verdict.well', 'All is well');
});

test('an outage is seen at one look, and so is its end', async () => {
	await control('down');
	await control('revoke');
	await control('call');
	await page.locator('#verdict:is(.degraded, .failing)').waitFor(patience);
	await page.locator('rect.outage').first().waitFor({ state: 'attached', ...patience });
	await page.locator('rect.cooldown').first().waitFor({ state: 'attached', ...patience });
	await see('.trouble', /transient.*503/);
	await shoot('dashboard-outage');
	await accessible('outage');
	await page.emulateMedia({ colorScheme: 'dark' });
	await shoot('dashboard-outage-dark');
	await accessible('outage, dark');
	await page.setViewportSize({ width: 360, height: 740 });
	await page.waitForFunction(() => document.querySelector('svg.lane').clientWidth < 360);
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'nothing is wider than the screen');
	await shoot('dashboard-narrow');
	await accessible('outage, narrow');
	await control('up');
	// The cooldown has to pass before a call brings a token.
	await until(async () => await control('call') === '[200]', 'a call gets through when the outage is over');
	await see('#verdict.well', 'All is well');
	await accessible('well, dark and narrow');
});

// Chromium complains of each answer that is an error, so that this page is not one that may not complain.
test('where streams are refused the page asks again and again, and tries a stream again later', async () => {
	const other = await context.newPage();
	const asked = { streams: 0, events: 0 };
	let refusing = true;
	await other.clock.install();
	await other.route('**/actuator/evertoken/events*', (route, request) => {
		const stream = request.headers().accept === 'text/event-stream';
		asked[stream ? 'streams' : 'events']++;
		return stream && refusing ? route.fulfill({ status: 503, headers: { 'Retry-After': '10' } }) : route.continue();
	});
	await other.goto(addresses.page);
	await see('#connection', 'asking every 2 s', other);
	await see('#verdict.well', 'All is well', other);
	let generation = Number((await other.locator('dl.facts').first().innerText()).match(/token\s+(\d+)/)[1]);
	await other.locator('summary', { hasText: 'What happened' }).click();
	const renewed = async () => {
		await other.getByRole('button', { name: 'Renew the token of inventory' }).click();
		await see('td', `it is ${++generation} now`, other);
	};
	await renewed();
	const before = asked.streams;
	await other.clock.fastForward(31_000);
	await until(() => asked.streams > before, 'a stream is asked for again');
	await renewed();
	refusing = false;
	await other.clock.fastForward(31_000);
	await see('#connection', 'live', other);
	const now = { ...asked };
	await renewed();
	await other.clock.fastForward(31_000);
	await renewed();
	assert.deepEqual(asked, now, 'where there is a stream, nothing is asked for beside it');
	await other.close();
});

test('removing asks first', async () => {
	await page.getByRole('button', { name: 'Remove the token of inventory' }).click();
	await page.getByRole('button', { name: 'Keep it' }).waitFor(patience);
	await accessible('the question');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Remove the token of inventory' }).click();
	await page.getByRole('button', { name: 'Remove it' }).click();
	await see('.said', 'What was held is forgotten');
	await happened('removed');
});

test('nothing was asked for elsewhere, and nothing complained', () => {
	assert.deepEqual(elsewhere, []);
	assert.deepEqual(complaints, []);
});
