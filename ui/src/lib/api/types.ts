// What the screens are told and what they ask, shaped as crates/hub says it.

export type VisitId = string;
export type PersonId = string;
export type ConversationId = string;
export type EntryId = string;
export type ListingId = string;
export type ActionId = string;
export type SignpostId = string;
export type HubId = string;
export type TeamMemberId = string;
/** UTC, RFC 3339 with `Z`. */
export type Instant = string;
/** `YYYY-MM-DD`, never converted. */
export type CalendarDate = string;

export type Need =
	| 'welsh'
	| 'largePrint'
	| 'bsl'
	| 'quietPlace'
	| 'wheelchair'
	| 'interpreter'
	| 'withCarer'
	| 'easyRead'
	| 'hearingLoop';
export type WaitingKind =
	| 'assessment'
	| 'occupationalTherapy'
	| 'carer'
	| 'review'
	| 'startOfSupport'
	| 'deprivationOfLiberty';
export type Band = 'urgent' | 'high' | 'medium' | 'low' | 'none';
export type Tool =
	| 'ownWords'
	| 'goodDay'
	| 'badDay'
	| 'importantTo'
	| 'importantFor'
	| 'working'
	| 'notWorking'
	| 'circle'
	| 'offer'
	| 'wishes'
	| 'stayingWell'
	| 'appreciated'
	| 'notes'
	| 'agree'
	| 'going';
export type Role = 'volunteer' | 'worker' | 'manager';
export type Scope = 'frontDesk' | 'casework' | 'waitingList' | 'directory' | 'team' | 'community';
export type Place = 'door' | 'today' | 'people' | 'directory' | 'waiting' | 'trends' | 'questions' | 'laptop';

export type ProblemCode =
	| 'wrongPassphrase'
	| 'tooManyPassphrases'
	| 'passphraseTooShort'
	| 'folderInUse'
	| 'noRecords'
	| 'alreadyRecords'
	| 'madeByNewer'
	| 'damaged'
	| 'diskFull'
	| 'readOnly'
	| 'notSignedIn'
	| 'notAllowed'
	| 'notFound'
	| 'tooLong'
	| 'empty'
	| 'notADate'
	| 'dateInFuture'
	| 'dateTooLongAgo'
	| 'notAPostcode'
	| 'notAPhone'
	| 'alreadyTaken'
	| 'listingNotActive'
	| 'noSyncFolder'
	| 'syncFolderMissing'
	| 'syncFolderReadOnly'
	| 'syncFolderOther'
	| 'syncFolderFailed'
	| 'notAJoinFile'
	| 'joinFileOther'
	| 'notOpenReferral'
	| 'fileFailed'
	| 'clockWrong'
	| 'unexpected';
export interface Problem {
	code: ProblemCode;
	field: string | null;
	number: number | null;
	reference: string;
}

export type Start =
	| { kind: 'new' }
	| { kind: 'locked'; data: { waitSeconds: number; failedAttempts: number } }
	| { kind: 'signIn'; data: SignIn }
	| { kind: 'open'; data: Shell };
export interface SignIn {
	council: string;
	laptop: string;
	members: Me[];
	roles: Role[];
}
export interface Me {
	id: TeamMemberId;
	name: string;
	role: Role;
}
export interface RailPlace {
	place: Place;
	count: number | null;
}
export interface Shell {
	council: string;
	hub: HubRow;
	today: CalendarDate;
	openUntil: string | null;
	me: Me;
	places: RailPlace[];
	sync: SyncState;
	clockDoubtful: boolean;
}
export interface HubRow {
	id: HubId;
	name: string;
}
export interface SyncState {
	toShare: number;
	toBeHeld: number;
	lastShared: LastShared | null;
	folderSet: boolean;
	trouble: string | null;
	parked: number;
	refused: number;
}
export interface LastShared {
	at: Instant;
	minutesAgo: number;
	with: string[];
}

export type WaitLength = 'fresh' | 'middling' | 'long';
export interface FriendlyName {
	colour: number;
	thing: number;
}
export interface Queue {
	waiting: Waiting[];
	beingSeen: BeingSeen[];
	finished: number;
	nextTicket: string;
	nextFriendly: FriendlyName;
	readOnly: boolean;
}
export interface Waiting {
	visit: VisitId;
	ticket: string;
	name: string | null;
	friendly: FriendlyName;
	reason: string;
	needs: Need[];
	interpreter: string | null;
	beenBefore: boolean | null;
	companion: string | null;
	cameAt: Instant;
	minutes: number;
	length: WaitLength;
	outsideUntil: Instant | null;
}
export interface BeingSeen {
	visit: VisitId;
	ticket: string;
	name: string | null;
	friendly: FriendlyName;
	with: string[];
	since: Instant;
	needs: Need[];
	outsideUntil: Instant | null;
}
export interface CheckIn {
	name: string;
	reason: string;
	needs: Need[];
	interpreter: string | null;
	beenBefore: boolean | null;
	companion: string | null;
}
export interface CheckedIn {
	visit: VisitId;
	ticket: string;
	friendly: FriendlyName;
}

export interface Board {
	hub: string;
	called: BoardTicket[];
	waiting: BoardTicket[];
}
export interface BoardTicket {
	ticket: string;
	friendly: FriendlyName | null;
}

export interface Today {
	waiting: Waiting[];
	mine: OpenConversation[];
	finished: OpenConversation[];
}
export interface OpenConversation {
	conversation: ConversationId;
	person: PersonId;
	name: string | null;
	ownWords: string;
	beganAt: Instant;
	worker: string;
}

export interface ConversationView {
	id: ConversationId;
	person: PersonId;
	visit: VisitId | null;
	name: string | null;
	needs: Need[];
	ownWords: string;
	texts: ToolText[];
	agreed: Agreed[];
	signposts: SignpostRow[];
	waiting: PersonsEntry[];
	worker: string;
	beganAt: Instant;
	finishedAt: Instant | null;
}
export interface ToolText {
	tool: Tool;
	text: string;
}
export interface Agreed {
	id: ActionId;
	who: string;
	what: string;
	byWhen: CalendarDate | null;
	done: boolean;
}
export interface SignpostRow {
	id: SignpostId;
	listing: ListingId;
	name: string;
	when: string | null;
	checkedOn: CalendarDate | null;
}
export interface PersonsEntry {
	id: EntryId;
	kind: WaitingKind;
	band: Band;
	requestedOn: CalendarDate;
	nextCallDue: CalendarDate | null;
	open: boolean;
}
export interface Agree {
	who: string;
	what: string;
	byWhen: CalendarDate | null;
}
export interface AddToWaitingList {
	person: PersonId;
	kind: WaitingKind;
	band: Band;
	requestedOn: CalendarDate;
	hub: HubId | null;
}

export interface ListingRow {
	id: ListingId;
	name: string;
	organisation: string | null;
	summary: string;
	when: string | null;
	place: string | null;
	cost: string | null;
	checkedOn: CalendarDate | null;
	stale: boolean;
}
export interface ListingView {
	row: ListingRow;
	description: string;
	phone: string | null;
	email: string | null;
	url: string | null;
	address: string | null;
	categories: string[];
	active: boolean;
}
export interface Found {
	listings: ListingRow[];
	total: number;
}
export interface Everything {
	here: Waiting[];
	people: PersonRow[];
	listings: ListingRow[];
}

export interface PersonRow {
	id: PersonId;
	name: string | null;
	bornOn: CalendarDate | null;
	postcode: string | null;
	lastSeen: Instant | null;
}
export interface PersonView {
	id: PersonId;
	name: string | null;
	bornOn: CalendarDate | null;
	bornApproximate: boolean;
	phone: string | null;
	postcode: string | null;
	needs: Need[];
	questions: Question[];
	conversations: PersonsConversation[];
	visits: PersonsVisit[];
	waiting: PersonsEntry[];
}
export interface PersonsConversation {
	id: ConversationId;
	beganAt: Instant;
	worker: string;
	ownWords: string;
	finished: boolean;
}
export interface PersonsVisit {
	id: VisitId;
	cameAt: Instant;
	hub: string;
	reason: string;
}
export type PersonChange =
	| { kind: 'name'; data: string }
	| { kind: 'phone'; data: string }
	| { kind: 'postcode'; data: string }
	| { kind: 'bornOn'; data: { day: string; month: string; year: string; approximate: boolean } };

export type QuestionField = 'name' | 'phone' | 'postcode' | 'bornOn';
export interface Question {
	person: PersonId;
	name: string | null;
	field: QuestionField;
	values: QuestionValue[];
}
export interface QuestionValue {
	value: string;
	by: string;
	laptop: string;
	at: Instant;
}

export interface WaitingFilter {
	kind: WaitingKind | null;
	band: Band | null;
	hub: HubId | null;
}
export interface WaitingList {
	counts: WaitingCount[];
	entries: EntryRow[];
	total: number;
	names: boolean;
}
export interface WaitingCount {
	kind: WaitingKind;
	band: Band;
	people: number;
	longestDays: number;
}
export interface EntryRow {
	id: EntryId;
	reference: string;
	person: PersonId | null;
	name: string | null;
	kind: WaitingKind;
	band: Band;
	bandInQuestion: boolean;
	hub: string;
	requestedOn: CalendarDate;
	days: number;
	nextCallDue: CalendarDate | null;
	callOverdue: boolean;
	clash: boolean;
}

export interface TrendsFilter {
	kind: WaitingKind;
	hub: HubId | null;
	band: Band | null;
	weeks: number;
}
export interface Trends {
	hubs: HubRow[];
	weeks: TrendWeek[];
	waitsSay: WaitsSay;
	sizeSays: SizeSays;
	phases: Phase[];
	opening: Opening | null;
	waitingNow: number;
	waitingChange: number;
	medianDays: number | null;
	longestDays: number | null;
	clears: Clears;
	laptops: number;
	oldestNews: OldestNews | null;
}
export interface TrendWeek {
	starting: CalendarDate;
	joined: number;
	left: number;
	size: number;
	seen: number;
	meanDays: number | null;
	signal: Signal | null;
	underWay: boolean;
}
export type Signal = 'improvement' | 'concern';
export interface Phase {
	from: CalendarDate;
	to: CalendarDate;
	mean: number;
	lower: number;
	upper: number;
	trial: boolean;
}
export interface Opening {
	hub: string;
	on: CalendarDate;
}
export type WaitsSay =
	| { kind: 'notEnoughPoints'; data: { have: number; need: number } }
	| { kind: 'soonerSince'; data: { days: number; hub: string; moreThanChance: boolean } }
	| { kind: 'laterSince'; data: { days: number; hub: string; moreThanChance: boolean } }
	| { kind: 'steady'; data: { days: number; signal: Signal | null } };
export type SizeSays =
	| { kind: 'nothing' }
	| { kind: 'shrank'; data: { by: number; from: number; to: number } }
	| { kind: 'grew'; data: { by: number; from: number; to: number } }
	| { kind: 'same'; data: { size: number } };
export type Clears =
	| { kind: 'empty' }
	| { kind: 'atTarget' }
	| { kind: 'inWeeks'; data: { weeks: number } }
	| { kind: 'never' };
export interface OldestNews {
	laptop: string;
	at: Instant;
}

export interface LaptopView {
	name: string;
	letter: string;
	council: string;
	version: string;
	folder: string | null;
	sync: SyncState;
	scopes: ScopeRow[];
	others: OtherLaptop[];
	refused: RefusedCount[];
	administrator: boolean;
}
export interface ScopeRow {
	scope: Scope;
	write: boolean;
}
export interface OtherLaptop {
	name: string;
	role: Role;
	lastHeard: Instant | null;
	unconfirmed: number;
}
export interface RefusedCount {
	reason: string;
	count: number;
}
export interface Exchanged {
	sent: number;
	received: number;
	applied: number;
	refused: number;
	parked: number;
	foreign: number;
}
