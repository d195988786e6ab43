import { describe, expect, it } from 'vitest';
import { byWhen, clockTime, dayOf, greeting, longDate, moment, shortDate, wallTime, weekdayDate } from './time.ts';

describe('a moment, where the hub is', () => {
	it.each([
		['2026-11-24T10:05:00Z', '10:05am'],
		['2026-07-24T10:05:00Z', '11:05am'],
		['2026-11-24T13:00:00Z', '1pm'],
		['2026-11-24T12:00:00Z', 'midday'],
		['2026-11-24T00:00:00Z', 'midnight'],
		['2026-11-24T12:40:00Z', '12:40pm'],
		['2026-11-24T00:07:00Z', '12:07am']
	])('%s is %s', (at, said) => expect(clockTime(at)).toBe(said));

	it('falls on the London day', () => {
		expect(dayOf('2026-07-24T23:30:00Z')).toBe('2026-07-25');
		expect(dayOf('2026-11-24T23:30:00Z')).toBe('2026-11-24');
	});

	it('is said shorter the nearer it is', () => {
		expect(moment('2026-11-24T09:10:00Z', '2026-11-24')).toBe('9:10am');
		expect(moment('2026-11-23T12:40:00Z', '2026-11-24')).toBe('yesterday, 12:40pm');
		expect(moment('2026-11-02T09:00:00Z', '2026-11-24')).toBe('2 November, 9am');
	});

	it('greets by the time of day', () => {
		expect(greeting(new Date('2026-11-24T09:00:00Z'))).toContain('morning');
		expect(greeting(new Date('2026-11-24T13:00:00Z'))).toContain('afternoon');
		expect(greeting(new Date('2026-11-24T18:00:00Z'))).toContain('evening');
	});
});

describe('a day', () => {
	it('is said in GOV.UK style', () => {
		expect(weekdayDate('2026-11-24')).toBe('Tuesday 24 November');
		expect(longDate('2026-12-03')).toBe('3 December 2026');
		expect(shortDate('2026-10-12', '2026-11-24')).toBe('12 October');
		expect(shortDate('2025-10-12', '2026-11-24')).toBe('12 October 2025');
		expect(wallTime('13:00')).toBe('1pm');
		expect(wallTime('12:30')).toBe('12:30pm');
	});

	it.each([
		['2026-11-24', 'Today'],
		['2026-11-25', 'By tomorrow'],
		['2026-11-26', 'By Thursday'],
		['2026-12-02', 'By 2 December'],
		['2026-11-02', 'Was for 2 November']
	])('%s as a promise is "%s"', (day, said) => expect(byWhen(day, '2026-11-24')).toBe(said));
});
