import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import ActSheet from '#lib/components/ActSheet.svelte';
import type { PersonView } from '#lib/api/index.ts';
import Gone from '../Gone.svelte';
import Erase from '../people/[id]/Erase.svelte';
import OneLaptop from './[id]/OneLaptop.svelte';

const { goto } = vi.hoisted(() => ({ goto: vi.fn(async () => undefined) }));
vi.mock('$app/navigation', () => ({ goto }));

let asked: [string, Record<string, unknown>][];
let refuse: unknown;

const LOST = {
	id: 'l2', name: 'Green Lane 2', role: 'volunteer', administrator: false, keeper: false, standing: 'live', erasuresUnconfirmed: 0,
	clockErrorMinutes: null, doubled: false, lastHeard: '2026-11-22T12:40:00Z', unconfirmed: 0
};

beforeEach(() => {
	[asked, refuse] = [[], undefined];
	HTMLDialogElement.prototype.showModal = function () {
		this.setAttribute('open', '');
	};
	Object.assign(globalThis, {
		__TAURI_INTERNALS__: {
			transformCallback: () => 0,
			invoke: async (command: string, args: Record<string, unknown>) => {
				if (command === 'laptop') return { others: [LOST], keepsLaptops: true };
				if (command.startsWith('plugin:')) return new Promise(() => undefined);
				asked.push([command, args]);
				if (refuse) throw refuse;
				return null;
			}
		}
	});
});
afterEach(cleanup);

const press = async (id: string) => fireEvent.click(await screen.findByTestId(id));
const type = async (value: string) => fireEvent.input(await screen.findByTestId('act-passphrase'), { target: { value } });
const told = (code: string) => ({ code, field: null, number: null, reference: 'AB12' });

it('takes a laptop out, with the passphrase, and says what comes next', async () => {
	render(OneLaptop, { id: 'l2' });
	await press('laptop-act-takeOut');
	expect(screen.getByTestId('act-wont').textContent).toContain('What it already holds stays on it');
	await press('act-submit');
	expect(asked).toEqual([]);
	expect(screen.getByRole('link', { name: /Enter this laptop's passphrase/ })).toBeTruthy();
	await type('three plain words');
	await press('act-submit');
	await vi.waitFor(() => expect(asked).toEqual([['take_out', { laptop: 'l2', passphrase: 'three plain words' }]]));
	await vi.waitFor(() => expect(screen.getByTestId('laptop-said').textContent).toContain('Green Lane 2 has been taken out'));
	await vi.waitFor(() => expect(screen.queryByTestId('act-sheet')).toBeNull());
});

it('keeps the sheet, and forgets the passphrase, when it was the wrong one', async () => {
	render(OneLaptop, { id: 'l2' });
	refuse = told('wrongPassphrase');
	await press('laptop-act-keeper');
	await type('three wrong words');
	await press('act-submit');
	await vi.waitFor(() => expect(screen.getByRole('link', { name: /isn't the passphrase/ })).toBeTruthy());
	expect((screen.getByTestId('act-passphrase') as HTMLInputElement).value).toBe('');
	expect(screen.getByTestId('laptop-said').textContent).toBe('');
});

it('asks what a laptop will be for before it asks the hub', async () => {
	render(OneLaptop, { id: 'l2' });
	await press('laptop-act-role');
	await type('three plain words');
	await press('act-submit');
	expect(asked).toEqual([]);
	await fireEvent.click(screen.getByTestId('laptop-role-worker').querySelector('input') as HTMLInputElement);
	await press('act-submit');
	await vi.waitFor(() => expect(asked[0]).toEqual(['change_role', { laptop: 'l2', role: 'worker', passphrase: 'three plain words' }]));
});

it('erases someone, says what goes and where it cannot be, and leads away from their page', async () => {
	const person = { id: 'p1', conversations: [{}], visits: [{}, {}], waiting: [], mayErase: true } as unknown as PersonView;
	render(Erase, { person, name: 'Mair' });
	await press('person-erase');
	expect(screen.getByTestId('act-will').textContent).toContain("that's 1 conversation and 2 visits.");
	expect(screen.getByTestId('act-wont').textContent).toContain('backups, paper');
	await type('three plain words');
	await press('act-submit');
	await vi.waitFor(() => expect(asked).toEqual([['erase_person', { person: 'p1', passphrase: 'three plain words' }]]));
	await vi.waitFor(() => expect(goto).toHaveBeenCalledWith('/people', { replaceState: true }));
});

it('says of a laptop that has gone whether it left or was taken out', async () => {
	const gone = { council: 'Aberwen', laptop: 'Green Lane 2', left: false };
	const { rerender } = render(Gone, { gone });
	expect(screen.getByRole('heading', { name: 'This laptop has been taken out of the council' })).toBeTruthy();
	await rerender({ gone: { ...gone, left: true } });
	expect(screen.getByRole('heading', { name: 'This laptop has left the council' })).toBeTruthy();
	expect(screen.getByTestId('gone').textContent).toContain('under its passphrase');
});

it('does a weighty act once, however often it is pressed', async () => {
	let times = 0;
	let done: () => void = () => undefined;
	const act = () => new Promise<void>((resolve) => ([times, done] = [times + 1, resolve]));
	render(ActSheet, { title: 'T', will: ['a'], wont: ['b'], button: 'Do it', act, close: () => undefined });
	await type('x');
	await press('act-submit');
	await press('act-submit');
	done();
	expect(times).toBe(1);
});
