import { describe, expect, it } from 'vitest';
import { ageOn, bornWords, keptBornWords } from './born.ts';

const today = '2026-11-24';

describe('a date of birth', () => {
	it.each([
		['1971-11-23', 55],
		['1971-11-24', 55],
		['1971-11-25', 54],
		['2026-11-24', 0]
	])('%s makes %i years', (born, age) => {
		expect(ageOn(born, today)).toBe(age);
	});

	it('turns on 1 March for somebody born on 29 February', () => {
		expect(ageOn('2004-02-29', '2025-02-28')).toBe(20);
		expect(ageOn('2004-02-29', '2025-03-01')).toBe(21);
	});

	it('says when it is a guess', () => {
		expect(bornWords('1971-03-02', false, today)).toBe('2 March 1971, aged 55');
		expect(bornWords('1971-03-02', true, today)).toBe('About 2 March 1971, aged 55');
	});

	it('is read from what two laptops wrote, and left as it stands when it is no date', () => {
		expect(keptBornWords('1971-03-02~', today)).toBe('About 2 March 1971, aged 55');
		expect(keptBornWords('1971-03-02', today)).toBe('2 March 1971, aged 55');
		expect(keptBornWords('spring 1971', today)).toBe('spring 1971');
	});
});
