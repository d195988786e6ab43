// Waiting lists in words: who, how long, when the next call is, and how it ended.

import { m } from '../paraglide/messages.js';
import type { CalendarDate, EntryRow } from '../api/types.ts';
import { daysBetween, shortDate, todayHere } from './time.ts';

/** How someone came off a list: what is saved, and what is said. */
export const OUTCOMES = ['seen', 'withdrew', 'moved', 'died', 'not-needed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const outcome: Record<Outcome, () => string> = {
	seen: m.waiting_outcome_seen,
	withdrew: m.waiting_outcome_withdrew,
	moved: m.waiting_outcome_moved,
	died: m.waiting_outcome_died,
	'not-needed': m.waiting_outcome_not_needed
};
export const outcomeWords = (code: Outcome): string => outcome[code]();

/** "Next call 8 December", "Call due today", "Call overdue by 3 days: it was due 20 November", "No call planned". */
export function callWords(entry: Pick<EntryRow, 'nextCallDue'>, today: CalendarDate = todayHere()): string {
	if (entry.nextCallDue === null) return m.waiting_call_none();
	const late = daysBetween(entry.nextCallDue, today);
	if (late === 0) return m.waiting_call_today();
	const day = shortDate(entry.nextCallDue, today);
	return late > 0 ? m.waiting_call_overdue({ count: late, day }) : m.waiting_call_next({ day });
}

/** Their name where names are shown, else the reference. */
export function whoWords(entry: EntryRow, names: boolean): string {
	return names ? (entry.name ?? m.waiting_no_name()) : m.waiting_reference_of({ reference: entry.reference });
}
