// A person's conversations, visits and places on waiting lists, in one order, newest first.

import type { PersonView, PersonsConversation, PersonsEntry, PersonsVisit } from '#lib/api/types.ts';
import { dayOf } from '#lib/words/time.ts';

export type Happened =
	| { kind: 'conversation'; key: string; conversation: PersonsConversation }
	| { kind: 'visit'; key: string; visit: PersonsVisit; repeated: boolean }
	| { kind: 'entry'; key: string; entry: PersonsEntry };

/** A visit's reason becomes the own words of the conversation that begins from it: it is said once. */
export function soFar(person: Pick<PersonView, 'conversations' | 'visits' | 'waiting'>): Happened[] {
	const said = new Set(person.conversations.map((one) => `${dayOf(one.beganAt)} ${one.ownWords}`));
	const all: { at: string; happened: Happened }[] = [
		...person.conversations.map((one) => ({
			at: moment(one.beganAt),
			happened: { kind: 'conversation' as const, key: `conversation ${one.id}`, conversation: one }
		})),
		...person.visits.map((one) => ({
			at: moment(one.cameAt),
			happened: { kind: 'visit' as const, key: `visit ${one.id}`, visit: one, repeated: said.has(`${dayOf(one.cameAt)} ${one.reason}`) }
		})),
		// A day alone counts as its end, so that a list someone was put on stands above the talk that led there.
		...person.waiting.map((one) => ({
			at: `${one.requestedOn}~`,
			happened: { kind: 'entry' as const, key: `entry ${one.id}`, entry: one }
		}))
	];
	return all.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).map((one) => one.happened);
}

/** The day where the hub is, then the instant: comparable as text. */
function moment(at: string): string {
	return `${dayOf(at)} ${new Date(at).toISOString()}`;
}
