// The bottom line: what is saved, what is still to share, and whom this laptop has heard from, in words.

import { problemSentence } from '../api/problem.ts';
import type { ProblemCode, SyncState } from '../api/types.ts';
import { m } from '../paraglide/messages.js';
import { inList } from './list.ts';

export type SyncMood = 'calm' | 'waiting' | 'trouble';

function ago(minutes: number): string {
	if (minutes < 1) return m.ago_just_now();
	if (minutes < 60) return m.ago_minutes({ count: minutes });
	if (minutes < 48 * 60) return m.ago_hours({ count: Math.floor(minutes / 60) });
	return m.ago_days({ count: Math.floor(minutes / (24 * 60)) });
}

/** The sentences after "Everything is saved on this laptop." or "Saved as you type." */
export function sharingWords(sync: SyncState): string[] {
	const said: string[] = [];
	if (sync.trouble !== null) {
		said.push(problemSentence({ code: sync.trouble as ProblemCode, field: null, number: null, reference: '' }));
	}
	if (sync.hall && sync.hall.with.length > 0) said.push(m.sync_in_hall({ laptops: inList(sync.hall.with) }));
	if (sync.hall && sync.hall.outOfReach > 0) said.push(m.sync_hall_apart());
	if (sync.toShare > 0) said.push(m.sync_to_share({ count: sync.toShare }));
	if (sync.lastShared) {
		const when = ago(sync.lastShared.minutesAgo);
		said.push(
			sync.lastShared.with.length > 0
				? m.sync_last_shared_with({ laptops: inList(sync.lastShared.with), when })
				: m.sync_last_shared({ when })
		);
	} else if (!sync.hall?.with.length) {
		said.push(sync.folderSet ? m.sync_never_shared() : m.sync_no_folder());
	}
	// Shared is not yet safe: only what another laptop has confirmed can't be lost with this one.
	if (sync.toBeHeld > 0) said.push(m.sync_to_be_held({ count: sync.toBeHeld }));
	if (sync.parked > 0) said.push(m.sync_parked({ count: sync.parked }));
	return said;
}

export function syncMood(sync: SyncState): SyncMood {
	if (sync.trouble !== null) return 'trouble';
	return sync.parked > 0 ? 'waiting' : 'calm';
}
