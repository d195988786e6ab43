// What Ctrl+K found, in words, by kind, and where each leads.

import type { Everything } from '../api/types.ts';
import { m } from '../paraglide/messages.js';
import { bornWords } from '../words/born.ts';
import { calledWords } from '../words/codes.ts';
import { waitWords } from '../words/wait.ts';

export interface FindResult {
	key: string;
	name: string;
	more: string;
	href: string;
}
export interface FindGroup {
	id: 'here' | 'people' | 'listings';
	words: string;
	results: FindResult[];
}

const together = (facts: (string | null)[]): string => facts.filter((fact) => fact !== null && fact !== '').join(' · ');

export function findGroups(found: Everything): FindGroup[] {
	const groups = [
		{
			id: 'here' as const,
			words: m.find_here(),
			results: found.here.map((one) => ({
				key: `here-${one.visit}`,
				name: calledWords(one),
				more: together([one.ticket, m.find_waits({ time: waitWords(one.minutes) })]),
				href: `/door?visit=${one.visit}`
			}))
		},
		{
			id: 'people' as const,
			words: m.find_people(),
			results: found.people.map((one) => ({
				key: `person-${one.id}`,
				name: one.name ?? m.people_no_name(),
				more: together([one.bornOn && bornWords(one.bornOn), one.postcode]),
				href: `/people/${one.id}`
			}))
		},
		{
			id: 'listings' as const,
			words: m.find_listings(),
			results: found.listings.map((one) => ({
				key: `listing-${one.id}`,
				name: one.name,
				more: together([one.when, one.place]) || (one.organisation ?? ''),
				href: `/directory?listing=${one.id}`
			}))
		}
	];
	return groups.filter((group) => group.results.length > 0);
}

/** Where an arrow leads among the results; past an end, round to the other. */
export function stepRound(key: string, at: number, count: number): number | undefined {
	if (count === 0) return undefined;
	const here = Math.min(at, count - 1);
	if (key === 'ArrowDown') return (here + 1) % count;
	if (key === 'ArrowUp') return (here + count - 1) % count;
	return undefined;
}
