import { describe, expect, it } from 'vitest';
import type { SyncState } from '../api/types.ts';
import { sharingWords, syncMood } from './sync.ts';

const quiet: SyncState = {
	toShare: 0,
	toBeHeld: 0,
	lastShared: null,
	folderSet: false,
	trouble: null,
	parked: 0,
	refused: 0,
	arriving: null,
	hall: null
};
const said = (change: Partial<SyncState>) => sharingWords({ ...quiet, ...change }).join(' ');

describe('the bottom line', () => {
	it.each<[string, Partial<SyncState>, string]>([
		['no folder', {}, 'No folder to share through is set.'],
		['a folder, and nothing yet', { folderSet: true }, 'Not shared with another laptop yet.'],
		['thousands to share', { toShare: 7417 }, '7,417 records to share. No folder to share through is set.'],
		['one to share', { toShare: 1 }, '1 record to share. No folder to share through is set.'],
		[
			'shared with one',
			{ toShare: 3, lastShared: { at: '2026-11-24T10:00:00Z', minutesAgo: 4, with: ['Green Lane 2'] } },
			'3 records to share. Last shared with Green Lane 2, 4 minutes ago.'
		],
		[
			'shared with two',
			{ lastShared: { at: '2026-11-24T10:00:00Z', minutesAgo: 0, with: ['Green Lane 2', 'Green Lane 3'] } },
			'Last shared with Green Lane 2 and Green Lane 3, just now.'
		],
		[
			'shared, and on no other laptop yet',
			{ toBeHeld: 2, lastShared: { at: '2026-11-24T10:00:00Z', minutesAgo: 4, with: [] } },
			'Last shared 4 minutes ago. 2 records shared, not yet confirmed by another laptop.'
		],
		[
			'long ago, to nobody heard of',
			{ lastShared: { at: '2026-11-20T10:00:00Z', minutesAgo: 4 * 24 * 60, with: [] } },
			'Last shared 4 days ago.'
		],
		['nobody in the hall', { hall: { with: [], outOfReach: 0 } }, 'No folder to share through is set.'],
		[
			'two in the hall',
			{ hall: { with: ['Green Lane 2', 'Green Lane 3'], outOfReach: 0 } },
			'Live with Green Lane 2 and Green Lane 3 in this hall.'
		],
		[
			'one in the hall that cannot be reached',
			{ folderSet: true, hall: { with: [], outOfReach: 1 } },
			"Another laptop is in this hall, but this network keeps them apart. Join both to one phone's hotspot, or share through a stick. Not shared with another laptop yet."
		]
	])('%s', (_, change, words) => expect(said(change)).toBe(words));

	it('says trouble first, and shows it', () => {
		const state = { ...quiet, trouble: 'syncFolderMissing' };
		expect(sharingWords(state)[0]).toContain("isn't there");
		expect(syncMood(state)).toBe('trouble');
		expect(syncMood(quiet)).toBe('calm');
		expect(syncMood({ ...quiet, parked: 2 })).toBe('waiting');
	});
});
