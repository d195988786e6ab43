import { beforeEach, expect, it, vi } from 'vitest';
import type { ConversationView } from '#lib/api/index.ts';
import { Writing } from './writing.svelte.ts';

const window_ = globalThis as unknown as { __TAURI_INTERNALS__: { invoke: (command: string, args: Record<string, string>) => Promise<unknown> } };
let record: string;
let wait: Promise<void> | undefined;

beforeEach(() => {
	record = '';
	wait = undefined;
	window_.__TAURI_INTERNALS__ = {
		invoke: async (command, args) => {
			if (command === 'write') record = args.text ?? '';
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
	writing.typed('notes', 'Fell in the garden');
	await writing.left('notes');
	arrive();
	expect(writing.text(await old, 'notes')).toBe('Fell in the garden');
	expect(writing.text(await writing.ask(), 'notes')).toBe('Fell in the garden');
});

it('shows what another laptop wrote, once what was typed here is written', async () => {
	const writing = new Writing('c1');
	writing.typed('notes', 'Fell');
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
	writing.typed('notes', 'not lost');
	await writing.writeAll();
	expect(writing.problem?.code).toBe('diskFull');
	expect(writing.text(await writing.ask(), 'notes')).toBe('not lost');
});
