import { describe, expect, it } from 'vitest';
import type { RailPlace } from '../api/types.ts';
import { landing, placeOf } from './places.ts';

const volunteer = [{ place: 'door', count: 4 }, { place: 'directory', count: null }] as const;

describe('places', () => {
	it.each([
		['/door', 'door'],
		['/people/1234', 'people'],
		['/conversation/1234', 'today'],
		['/', undefined],
		['/doorway', undefined]
	])('%s belongs to %s', (path, place) => expect(placeOf(path)).toBe(place));

	it('leave someone where they are if it is theirs, else lead to their first', () => {
		expect(landing('/directory', volunteer)).toBeUndefined();
		expect(landing('/conversation/1', volunteer)).toBe('/door');
		expect(landing('/', volunteer)).toBe('/door');
		expect(landing('/', [])).toBeUndefined();
		const worker: RailPlace[] = [...volunteer, { place: 'today', count: 2 }];
		expect(landing('/', worker)).toBe('/today');
	});
});
