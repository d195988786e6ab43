import { describe, expect, it } from 'vitest';
import { findGroups, stepRound } from './find.ts';

const listing = { id: 'l1', name: 'Lunch club', organisation: null, summary: '', when: 'Tuesdays', place: 'Church hall', cost: null, checkedOn: null, stale: true };

describe('what Ctrl+K found', () => {
	it('leads each result to its place, and leaves out kinds that have none', () => {
		const groups = findGroups({
			here: [],
			people: [{ id: 'p1', name: null, bornOn: null, postcode: 'CF31 1AA', lastSeen: null }],
			listings: [listing]
		});
		expect(groups.map((group) => group.words)).toEqual(['People', 'Directory']);
		expect(groups.flatMap((group) => group.results)).toEqual([
			{ key: 'person-p1', name: 'No name given', more: 'CF31 1AA', href: '/people/p1' },
			{ key: 'listing-l1', name: 'Lunch club', more: 'Tuesdays · Church hall', href: '/directory?listing=l1' }
		]);
	});

	it('is gone through with the arrows, round at the ends', () => {
		expect(stepRound('ArrowDown', 2, 3)).toBe(0);
		expect(stepRound('ArrowUp', 0, 3)).toBe(2);
		expect(stepRound('ArrowDown', 9, 3)).toBe(0);
		expect(stepRound('ArrowDown', 0, 0)).toBeUndefined();
		expect(stepRound('a', 0, 3)).toBeUndefined();
	});
});
