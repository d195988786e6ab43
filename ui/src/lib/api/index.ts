// The window, as the screens see it: the only room that imports @tauri-apps/*. Each call answers or throws a
// ProblemError that carries the problem's code; no screen sees an error's technical text.

import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { ProblemError, isProblem, unexpected } from './problem.ts';
import type * as t from './types.ts';

export type * from './types.ts';
export { ProblemError, problemOf, problemSentence } from './problem.ts';

async function ask<Answer>(command: string, args: Record<string, unknown> = {}): Promise<Answer> {
	try {
		return await invoke<Answer>(command, args);
	} catch (refusal) {
		throw new ProblemError(isProblem(refusal) ? refusal : unexpected());
	}
}

export const api = {
	// How far this laptop has got.
	startState: () => ask<t.Start>('start_state'),
	join: (file: string, laptop: string, passphrase: string) => ask<null>('join', { file, laptop, passphrase }),
	open: (passphrase: string) => ask<null>('open', { passphrase }),
	signIn: (member: t.TeamMemberId) => ask<null>('sign_in', { member }),
	signInAs: (name: string, role: t.Role) => ask<null>('sign_in_as', { name, role }),
	handOver: () => ask<null>('hand_over'),
	lock: () => ask<null>('lock'),
	unlock: (passphrase: string) => ask<null>('unlock', { passphrase }),
	openBoard: () => ask<null>('open_board'),

	// What a person looks at.
	shell: () => ask<t.Shell>('shell'),
	queue: () => ask<t.Queue>('queue'),
	board: () => ask<t.Board>('board'),
	today: () => ask<t.Today>('today'),
	conversation: (id: t.ConversationId) => ask<t.ConversationView>('conversation', { id }),
	people: (query: string) => ask<t.PersonRow[]>('people', { query }),
	person: (id: t.PersonId) => ask<t.PersonView>('person', { id }),
	whoMayThisBe: (visit: t.VisitId) => ask<t.PersonRow[]>('who_may_this_be', { visit }),
	questions: () => ask<t.Question[]>('questions'),
	directory: (query: string) => ask<t.Found>('directory', { query }),
	listing: (id: t.ListingId) => ask<t.ListingView>('listing', { id }),
	everything: (query: string) => ask<t.Everything>('everything', { query }),
	waitingList: (filter: t.WaitingFilter) => ask<t.WaitingList>('waiting_list', { filter }),
	trends: (filter: t.TrendsFilter) => ask<t.Trends>('trends', { filter }),
	laptop: () => ask<t.LaptopView>('laptop'),

	// At the door.
	checkIn: (checkIn: t.CheckIn) => ask<t.CheckedIn>('check_in', { checkIn }),
	noteLeft: (visit: t.VisitId) => ask<null>('note_left', { visit }),
	noteSteppedOutside: (visit: t.VisitId, minutes: number) => ask<null>('note_stepped_outside', { visit, minutes }),
	noteBack: (visit: t.VisitId) => ask<null>('note_back', { visit }),
	correctNeeds: (visit: t.VisitId, needs: t.Need[], interpreter: string | null) =>
		ask<null>('correct_needs', { visit, needs, interpreter }),
	undoLast: (visit: t.VisitId) => ask<null>('undo_last', { visit }),
	keepDoorDraft: (draft: t.CheckIn) => ask<null>('keep_door_draft', { draft }),
	doorDraft: () => ask<t.CheckIn | null>('door_draft'),

	// In conversation.
	beginConversation: (visit: t.VisitId, person: t.PersonId | null) =>
		ask<t.ConversationId>('begin_conversation', { visit, person }),
	keepDraft: (conversation: t.ConversationId, tool: t.Tool, text: string) =>
		ask<null>('keep_draft', { conversation, tool, text }),
	write: (conversation: t.ConversationId, tool: t.Tool, text: string) =>
		ask<null>('write', { conversation, tool, text }),
	agree: (conversation: t.ConversationId, agree: t.Agree) => ask<t.ActionId>('agree', { conversation, agree }),
	agreedDone: (conversation: t.ConversationId, action: t.ActionId, done: boolean) =>
		ask<null>('agreed_done', { conversation, action, done }),
	strikeAgreed: (conversation: t.ConversationId, action: t.ActionId) =>
		ask<null>('strike_agreed', { conversation, action }),
	signpost: (conversation: t.ConversationId, listings: t.ListingId[]) =>
		ask<t.SignpostId[]>('signpost', { conversation, listings }),
	takeBackSignpost: (conversation: t.ConversationId, signpost: t.SignpostId) =>
		ask<null>('take_back_signpost', { conversation, signpost }),
	finishConversation: (conversation: t.ConversationId) => ask<null>('finish_conversation', { conversation }),
	reopenConversation: (conversation: t.ConversationId) => ask<null>('reopen_conversation', { conversation }),

	// About a person, and their places on lists.
	changePerson: (person: t.PersonId, change: t.PersonChange) => ask<null>('change_person', { person, change }),
	correctPersonNeeds: (person: t.PersonId, needs: t.Need[]) => ask<null>('correct_person_needs', { person, needs }),
	answerQuestion: (person: t.PersonId, field: t.QuestionField, value: string) =>
		ask<null>('answer_question', { person, field, value }),
	addToWaitingList: (entry: t.AddToWaitingList) => ask<t.EntryId>('add_to_waiting_list', { entry }),
	keptInTouch: (entry: t.EntryId, nextDue: t.CalendarDate | null) => ask<null>('kept_in_touch', { entry, nextDue }),
	reband: (entry: t.EntryId, band: t.Band) => ask<null>('reband', { entry, band }),
	closeEntry: (entry: t.EntryId, outcome: string) => ask<null>('close_entry', { entry, outcome }),

	// Sharing.
	setSyncFolder: (folder: string | null) => ask<null>('set_sync_folder', { folder }),
	share: () => ask<t.Exchanged>('share')
};

/** Calls `then` after anything was saved here or arrived from elsewhere; answers how to stop. */
export function onRecordsChanged(then: () => void): () => void {
	let stopped = false;
	let stop: (() => void) | undefined;
	void listen('records-changed', then).then((unlisten) => {
		if (stopped) unlisten();
		else stop = unlisten;
	});
	return () => {
		stopped = true;
		stop?.();
	};
}
