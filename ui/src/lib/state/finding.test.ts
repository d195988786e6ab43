import { describe, expect, it } from 'vitest';
import { Finding, stepTo } from './finding.svelte.ts';

describe('search as you type', () => {
	it('lets the newest question stand when answers overtake each other', async () => {
		const answers: Record<string, (found: string[]) => void> = {};
		const finding = new Finding((query: string) => new Promise<string[]>((answer) => (answers[query] = answer)));
		const [first, second] = [finding.refresh('lu'), finding.refresh('lunch')];
		answers['lunch']?.(['Lunch club']);
		await second;
		answers['lu']?.(['Luncheon', 'Lunch club']);
		await first;
		expect(finding.found).toEqual(['Lunch club']);
	});

	it('keeps what was found when a later try fails, and says so', async () => {
		let fails = false;
		const finding = new Finding(async () => {
			if (fails) throw new Error();
			return ['Lunch club'];
		});
		await finding.refresh('lunch');
		fails = true;
		await finding.refresh('lunch c');
		expect(finding.found).toEqual(['Lunch club']);
		expect(finding.problem?.code).toBe('unexpected');
	});
});

describe('the way through what was found', () => {
	it('goes down from the search field and back up into it', () => {
		expect(stepTo('ArrowDown', -1, 3)).toBe(0);
		expect(stepTo('ArrowDown', 2, 3)).toBe(2);
		expect(stepTo('ArrowUp', 0, 3)).toBe(-1);
	});
	it('leaves Home and End to the text while someone types', () => {
		expect(stepTo('Home', -1, 3)).toBeUndefined();
		expect(stepTo('End', 1, 3)).toBe(2);
	});
	it('leads nowhere when nothing was found', () => {
		expect(stepTo('ArrowDown', -1, 0)).toBeUndefined();
	});
});
