import { beforeEach, expect, it, vi } from 'vitest';
import type { ConversationView } from '#lib/api/index.ts';
import { Writing, type Told } from './writing.svelte.ts';

const window_ = globalThis as unknown as { __TAURI_INTERNALS__: { invoke: (command: string, args: { typed?: { over: string; text: string } }) => Promise<unknown> } };
let record: string;
let sent: { over: string; text: string }[];
let wait: Promise<void> | undefined;

const bare: Told = { view: { texts: [] } as unknown as ConversationView, mark: 0 };

beforeEach(() => {
	record = '';
	sent = [];
	wait = undefined;
	window_.__TAURI_INTERNALS__ = {
		invoke: async (command, args) => {
			if (command === 'write' || command === 'keep_draft') sent.push(args.typed ?? { over: '', text: '' });
			if (command === 'write') record = args.typed?.text ?? '';
			if (command !== 'conversation') return null;
			const view = { texts: [{ tool: 'notes', text: record }] } as ConversationView;
			await wait;
			return view;
		}
	};
});

it('shows what was typed, even when an older answer comes in after it was written', async () => {
	const writing = new Writing('c1');
	let arrive: () => void = () => undefined;
	wait = new Promise((resolve) => (arrive = resolve));
	const old = writing.ask();
	writing.typed(bare, 'notes', 'Fell in the garden');
	await writing.left('notes');
	arrive();
	expect(writing.text(await old, 'notes')).toBe('Fell in the garden');
	expect(writing.text(await writing.ask(), 'notes')).toBe('Fell in the garden');
});

it('shows what another laptop wrote, once what was typed here is written', async () => {
	const writing = new Writing('c1');
	writing.typed(bare, 'notes', 'Fell');
	await writing.writeAll();
	record = 'Fell, and bruised';
	expect(writing.text(await writing.ask(), 'notes')).toBe('Fell, and bruised');
});

it('keeps what was typed on the screen when it could not be written', async () => {
	const writing = new Writing('c1');
	window_.__TAURI_INTERNALS__.invoke = vi.fn(async (command: string) => {
		if (command === 'conversation') return { texts: [] };
		throw { code: 'diskFull', field: null, number: null, reference: 'AB12' };
	});
	writing.typed(bare, 'notes', 'not lost');
	await writing.writeAll();
	expect(writing.problem?.code).toBe('diskFull');
	expect(writing.text(await writing.ask(), 'notes')).toBe('not lost');
});

it('says what each text was typed over: what the screen showed, then what was last written', async () => {
	record = 'Likes tea.';
	const writing = new Writing('c1');
	const told = await writing.ask();
	writing.typed(told, 'notes', 'Likes green tea.');
	await writing.left('notes');
	record = 'Likes green tea. Walks.';
	writing.typed(told, 'notes', 'Likes green tea, hot.');
	await writing.left('notes');
	record = 'Likes green tea, hot. Walks.';
	const again = await writing.ask();
	writing.typed(again, 'notes', 'Walks.');
	await writing.left('notes');
	expect(sent).toEqual([
		{ over: 'Likes tea.', text: 'Likes green tea.' },
		{ over: 'Likes green tea.', text: 'Likes green tea, hot.' },
		{ over: 'Likes green tea, hot. Walks.', text: 'Walks.' }
	]);
});
