import { expect, it } from 'vitest';
import { exchangedWords, hallWords, refusedWords } from './laptop.ts';

const nothing = { sent: 0, received: 0, applied: 0, refused: 0, parked: 0, foreign: 0 };
it('says what sharing did', () => {
	expect(exchangedWords({ ...nothing, sent: 3, received: 12, applied: 12 })).toBe('3 records sent, 12 received.');
	expect(exchangedWords({ ...nothing, sent: 1 })).toBe('1 record sent, 0 received.');
	expect(exchangedWords(nothing)).toBe('Nothing new to send or receive.');
	expect(exchangedWords({ ...nothing, received: 2, refused: 1, parked: 1, foreign: 2 })).toBe(
		"0 records sent, 2 received. 1 was refused. 1 waits for another. 2 files in the folder aren't ours and were left alone."
	);
});

it('has a word for a refusal it does not know', () => {
	expect(refusedWords('cutShort')).toBe('damaged on the way');
	expect(refusedWords('stranger')).toBe("from a laptop that your council hasn't let in");
	expect(refusedWords('somethingElse')).toContain('somethingElse');
});

it('says who is in this hall, or what to do', () => {
	const hall = { with: [], outOfReach: 0 };
	expect(hallWords(false, null)).toBe("This laptop doesn't look for others in the same hall.");
	expect(hallWords(true, null)).toContain("can't be used");
	expect(hallWords(true, hall)).toContain('hotspot');
	expect(hallWords(true, { ...hall, outOfReach: 1 })).toContain('keeps them apart');
	expect(hallWords(true, { with: ['Green Lane 2'], outOfReach: 0 })).toBe('Live with Green Lane 2 in this hall.');
});
