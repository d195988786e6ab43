// This laptop in words: what one exchange did, what it may hold, why records were turned away.

import { m } from '../paraglide/messages.js';
import type { Exchanged, InHall, Scope } from '../api/types.ts';
import { inList } from './list.ts';

/** "3 records sent, 12 records received." and what else there is to say about it. */
export function exchangedWords(done: Exchanged): string {
	const said = [
		done.sent === 0 && done.received === 0
			? m.laptop_shared_nothing()
			: m.laptop_shared({ sent: m.laptop_sent({ count: done.sent }), received: done.received })
	];
	if (done.refused > 0) said.push(m.laptop_shared_refused({ count: done.refused }));
	if (done.parked > 0) said.push(m.laptop_shared_parked({ count: done.parked }));
	if (done.foreign > 0) said.push(m.laptop_shared_foreign({ count: done.foreign }));
	return said.join(' ');
}

const holds: Record<Scope, () => string> = {
	frontDesk: m.laptop_scope_front_desk,
	casework: m.laptop_scope_casework,
	waitingList: m.laptop_scope_waiting_list,
	directory: m.laptop_scope_directory,
	team: m.laptop_scope_team,
	community: m.laptop_scope_community
};
export const holdsWords = (scope: Scope): string => holds[scope]();

// Every code has one of a few plain reasons; what precisely was wrong is for the log.
const refusals: Record<string, () => string> = {
	cutShort: m.laptop_refused_damaged,
	tooLarge: m.laptop_refused_damaged,
	malformed: m.laptop_refused_damaged,
	hashMismatch: m.laptop_refused_damaged,
	notChanges: m.laptop_refused_damaged,
	doesNotOpen: m.laptop_refused_does_not_open,
	foreignCouncil: m.laptop_refused_other_council,
	badSignature: m.laptop_refused_signature,
	logNotItsOwn: m.laptop_refused_signature,
	foreignOrigin: m.laptop_refused_signature,
	foreignActor: m.laptop_refused_signature,
	stranger: m.laptop_refused_unknown_laptop,
	noGrant: m.laptop_refused_not_allowed,
	revoked: m.laptop_refused_taken_out,
	wrongScope: m.laptop_refused_not_allowed,
	rowsDiffer: m.laptop_refused_rows_differ
};
export const refusedWords = (reason: string): string => refusals[reason]?.() ?? m.laptop_refused_other({ code: reason });

/** Who else is in this hall, or what to do when nobody is found. */
export function hallWords(meets: boolean, hall: InHall | null): string {
	if (!meets) return m.laptop_hall_off();
	if (!hall) return m.problem_no_hall();
	if (hall.with.length > 0) return m.sync_in_hall({ laptops: inList(hall.with) });
	return hall.outOfReach > 0 ? m.sync_hall_apart() : m.laptop_hall_nobody();
}
