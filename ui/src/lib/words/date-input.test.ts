import { describe, expect, it } from 'vitest';
import { readDate, typedFrom } from './date-input.ts';

const typed = (text: string) => {
	const [day = '', month = '', year = ''] = text.split(' ');
	return { day, month, year };
};

describe('a date as typed', () => {
	it.each([
		['2 11 2026', { date: '2026-11-02' }],
		['02 11 2026', { date: '2026-11-02' }],
		['29 2 2024', { date: '2024-02-29' }],
		['', { trouble: 'empty' }],
		['29 2 2026', { trouble: 'notADate' }],
		['31 11 2026', { trouble: 'notADate' }],
		['2 11 26', { trouble: 'notADate' }],
		['2 11', { trouble: 'notADate' }],
		['two 11 2026', { trouble: 'notADate' }],
		['2 13 2026', { trouble: 'notADate' }],
		['25 11 2026', { trouble: 'inFuture' }],
		['31 12 1989', { trouble: 'tooLongAgo' }],
		['24 11 2026', { date: '2026-11-24' }]
	])('%s', (text, read) => {
		expect(readDate(typed(text), { first: '1990-01-01', last: '2026-11-24' })).toEqual(read);
	});

	it('goes back into three fields', () => {
		expect(typedFrom('2026-11-02')).toEqual({ day: '2', month: '11', year: '2026' });
	});
});
