import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Draft } from './draft.ts';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

function notebook() {
	const said: string[] = [];
	const trouble: unknown[] = [];
	let broken = false;
	const way = (word: string) => async (value: string) => {
		if (broken) throw new Error('disk full');
		said.push(`${word} ${value}`);
	};
	const draft = new Draft<string>({ keep: way('keep'), write: way('write'), trouble: (t) => trouble.push(t) });
	return { draft, said, trouble, breakIt: (yes: boolean) => (broken = yes) };
}

describe('saved as you type', () => {
	it('keeps a draft every 300 ms while typing goes on, and writes after two quiet seconds', async () => {
		const { draft, said } = notebook();
		for (const text of ['a', 'ab', 'abc', 'abcd']) {
			draft.typed(text);
			await vi.advanceTimersByTimeAsync(200);
		}
		expect(said).toEqual(['keep ab', 'keep abcd']);
		await vi.advanceTimersByTimeAsync(1_799);
		expect(said).toHaveLength(2);
		await vi.advanceTimersByTimeAsync(1);
		expect(said.at(-1)).toBe('write abcd');
		expect(draft.pending).toBe(false);
	});

	it('writes at once when the field is left, and only once', async () => {
		const { draft, said } = notebook();
		draft.typed('half a sen');
		await draft.flush();
		await draft.flush();
		await vi.advanceTimersByTimeAsync(5_000);
		expect(said).toEqual(['write half a sen']);
	});

	it('asks nothing when nothing was typed', async () => {
		const { draft, said } = notebook();
		await draft.flush();
		expect(said).toEqual([]);
	});

	it('tries again what failed', async () => {
		const { draft, said, trouble, breakIt } = notebook();
		breakIt(true);
		draft.typed('kept?');
		await draft.flush();
		expect(trouble.at(-1)).toBeInstanceOf(Error);
		expect(draft.pending).toBe(true);
		breakIt(false);
		await draft.flush();
		expect(said).toEqual(['write kept?']);
		expect(trouble.at(-1)).toBeUndefined();
	});

	it('forgets a draft that went another way', async () => {
		const { draft, said } = notebook();
		draft.typed('Mair');
		await draft.drop();
		await vi.advanceTimersByTimeAsync(5_000);
		expect(said).toEqual([]);
	});

	it('never lets an old answer overtake a new one', async () => {
		const done: string[] = [];
		const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
		const draft = new Draft<string>({
			keep: async (v) => {
				await wait(500);
				done.push(`keep ${v}`);
			},
			write: async (v) => {
				done.push(`write ${v}`);
			}
		});
		draft.typed('a');
		await vi.advanceTimersByTimeAsync(300);
		draft.typed('ab');
		const flushed = draft.flush();
		await vi.advanceTimersByTimeAsync(500);
		await flushed;
		expect(done).toEqual(['keep a', 'write ab']);
	});
});
