import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Component } from 'svelte';
import Find from '#lib/frame/Find.svelte';
import Directory from './directory/+page.svelte';
import People from './people/+page.svelte';

const { page, goto } = vi.hoisted(() => ({ page: { url: new URL('http://hub/') }, goto: vi.fn(async () => undefined) }));
vi.mock('$app/state', () => ({ page }));
vi.mock('$app/navigation', () => ({ goto }));

/** Answers wait here until a test lets them come. */
let open: Record<string, (answer: unknown) => void>;

beforeEach(() => {
	open = {};
	goto.mockClear();
	page.url = new URL('http://hub/directory');
	HTMLDialogElement.prototype.showModal = function () {
		this.setAttribute('open', '');
	};
	Object.assign(globalThis, {
		__TAURI_INTERNALS__: {
			transformCallback: () => 0,
			invoke: (command: string, given: { query?: string; listing?: string }) =>
				command === 'listing'
					? Promise.resolve({ row: row(given.listing ?? ''), description: '', address: null, phone: null, email: null, url: null, categories: [], active: true })
					: new Promise((answer) => (open[`${command} ${given.query ?? ''}`] = answer))
		}
	});
});
afterEach(cleanup);

const row = (id: string) => ({ id, name: id, organisation: null, summary: '', when: null, place: null, cost: null, checkedOn: null, stale: false });
const person = (id: string) => ({ id, name: id, bornOn: null, postcode: null, lastSeen: null });
const listings = (...ids: string[]) => ({ total: ids.length, listings: ids.map(row) });

async function come(question: string, answer: unknown): Promise<void> {
	await vi.waitFor(() => expect(open[question]).toBeDefined());
	open[question]?.(answer);
	await settled();
}
async function settled(): Promise<void> {
	for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
	await tick();
}
async function type(id: string, value: string): Promise<HTMLElement> {
	const field = screen.getByTestId(id);
	await fireEvent.input(field, { target: { value } });
	return field;
}
const shown = () => screen.queryByTestId('directory-detail-name')?.textContent?.trim();

for (const [name, Screen, field, command, answer, opens] of [
	['the directory', Directory, 'directory-search', 'directory', (...ids: string[]) => listings(...ids), (id: string) => shown() === id],
	['people', People, 'people-search', 'people', (...ids: string[]) => ids.map(person), (id: string) => goto.mock.calls.flat().includes(`/people/${id}` as never)],
	[
		'Ctrl+K',
		Find,
		'find-search',
		'everything',
		(...ids: string[]) => ({ here: [], people: ids.map(person), listings: [] }),
		(id: string) => goto.mock.calls.flat().includes(`/people/${id}` as never)
	]
] as const) {
	it(`Enter before the answer opens what was typed, not the last search's top, in ${name}`, async () => {
		render(Screen as Component<{ close: () => void }>, { close: () => undefined });
		await come(`${command} `, answer('Bread', 'Chess'));
		await fireEvent.keyDown(await type(field, 'lunch'), { key: 'Enter' });
		await settled();
		expect(goto).not.toHaveBeenCalled();
		await come(`${command} lunch`, answer('Lunch', 'Luncheon'));
		await vi.waitFor(() => expect(opens('Lunch')).toBe(true));
		expect(goto.mock.calls.flat().some((to) => String(to).includes('Bread'))).toBe(false);
	});

	it(`more typed after Enter takes it back, in ${name}`, async () => {
		render(Screen as Component<{ close: () => void }>, { close: () => undefined });
		await come(`${command} `, answer('Bread'));
		await fireEvent.keyDown(await type(field, 'lun'), { key: 'Enter' });
		await type(field, 'lunch');
		await come(`${command} lun`, answer('Lungs'));
		await come(`${command} lunch`, answer('Lunch'));
		expect(goto).not.toHaveBeenCalled();
		expect(document.activeElement).not.toBe(screen.queryByTestId('directory-detail'));
	});
}

it('a chosen listing makes way for a new search that does not find it', async () => {
	render(Directory);
	await come('directory ', listings('Bread', 'Chess', 'Lunch'));
	await fireEvent.click(screen.getByText('Chess'));
	await vi.waitFor(() => expect(shown()).toBe('Chess'));
	await type('directory-search', 'c');
	await come('directory c', listings('Lunch', 'Chess'));
	expect(shown()).toBe('Chess');
	await type('directory-search', 'lunch');
	await come('directory lunch', listings('Lunch'));
	await vi.waitFor(() => expect(shown()).toBe('Lunch'));
	await type('directory-search', 'lunchx');
	await come('directory lunchx', listings());
	expect(screen.queryByTestId('directory-detail')).toBeNull();
});

it('a listing that the address asks for is shown, listed or not, until a search does not find it', async () => {
	page.url = new URL('http://hub/directory?listing=Quiet');
	render(Directory);
	await vi.waitFor(() => expect(shown()).toBe('Quiet'));
	await come('directory ', listings('Bread'));
	expect(shown()).toBe('Quiet');
	await type('directory-search', 'lunch');
	expect(shown()).toBe('Quiet');
	await come('directory lunch', listings('Lunch'));
	await vi.waitFor(() => expect(shown()).toBe('Lunch'));
});
