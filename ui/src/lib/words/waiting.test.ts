import { expect, it } from 'vitest';
import type { EntryRow } from '../api/types.ts';
import { daysAfter, daysBetween } from './time.ts';
import { OUTCOMES, callWords, outcomeWords, whoWords } from './waiting.ts';

it('says when the next call is, and how late one is', () => {
	const said = (nextCallDue: string | null) => callWords({ nextCallDue }, '2026-11-23');
	expect(said(null)).toBe('No call planned');
	expect(said('2026-11-23')).toBe('Call due today');
	expect(said('2026-12-08')).toBe('Next call 8 December');
	expect(said('2026-11-22')).toBe('Call overdue by 1 day: it was due 22 November');
	expect(said('2026-11-02')).toBe('Call overdue by 21 days: it was due 2 November');
});

it('says who waits by name only where names are shown', () => {
	const entry = { name: 'Mair', reference: '7K3F-Q2' } as EntryRow;
	expect(whoWords(entry, true)).toBe('Mair');
	expect(whoWords({ ...entry, name: null }, true)).toBe('No name given');
	expect(whoWords(entry, false)).toBe('Reference 7K3F-Q2');
});

it('has words for each way off the list', () => {
	expect(OUTCOMES.map(outcomeWords)).toEqual(['Seen', 'Withdrew', 'Moved away', 'Died', 'No longer needed']);
});

it('counts days over the change of clocks and of years', () => {
	expect(daysAfter('2026-10-24', 2)).toBe('2026-10-26');
	expect(daysAfter('2026-12-31', 1)).toBe('2027-01-01');
	expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
});
