import { describe, expect, it } from 'vitest';
import { calledWords, friendlyWords, needsWords } from './codes.ts';
import { inList } from './list.ts';
import { waitWords } from './wait.ts';

describe('words for codes', () => {
	it.each([
		[0, '0 min'],
		[34, '34 min'],
		[60, '1 h'],
		[65, '1 h 5 min']
	])('a wait of %i is "%s"', (minutes, said) => expect(waitWords(minutes)).toBe(said));

	it('names the language of an interpreter', () => {
		expect(needsWords(['interpreter', 'welsh'], 'Polish')).toEqual(['Cymraeg', 'Polish interpreter']);
		expect(needsWords(['interpreter'], null)).toEqual(['Interpreter']);
	});

	it('calls someone by name, or by the ticket’s friendly form', () => {
		const friendly = { colour: 0, thing: 0 };
		expect(friendlyWords(friendly)).toBe('Blue teapot');
		expect(calledWords({ name: null, friendly })).toBe('Blue teapot');
		expect(calledWords({ name: 'Mair', friendly })).toBe('Mair');
	});

	it('gives all 288 friendly forms words of their own', () => {
		const all = new Set<string>();
		for (let colour = 0; colour < 12; colour += 1)
			for (let thing = 0; thing < 24; thing += 1) all.add(friendlyWords({ colour, thing }));
		expect(all.size).toBe(12 * 24);
	});

	it('joins lists as people say them', () => {
		expect(inList(['A', 'B', 'C'])).toBe('A, B and C');
	});
});
