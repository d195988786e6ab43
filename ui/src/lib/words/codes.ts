// Codes the hub sends, in words.

import { m } from '../paraglide/messages.js';
import type { Band, FriendlyName, Need, Place, QuestionField, Role, Scope, Tool, WaitingKind } from '../api/types.ts';

/** In the order a volunteer is offered them. */
export const NEEDS: readonly Need[] = [
	'welsh',
	'largePrint',
	'bsl',
	'quietPlace',
	'wheelchair',
	'interpreter',
	'withCarer',
	'easyRead',
	'hearingLoop'
];
export const KINDS: readonly WaitingKind[] = [
	'assessment',
	'occupationalTherapy',
	'carer',
	'review',
	'startOfSupport',
	'deprivationOfLiberty'
];
export const BANDS: readonly Band[] = ['urgent', 'high', 'medium', 'low', 'none'];

const need: Record<Need, () => string> = {
	welsh: m.need_welsh,
	largePrint: m.need_large_print,
	bsl: m.need_bsl,
	quietPlace: m.need_quiet_place,
	wheelchair: m.need_wheelchair,
	interpreter: m.need_interpreter,
	withCarer: m.need_with_carer,
	easyRead: m.need_easy_read,
	hearingLoop: m.need_hearing_loop
};
export const needWords = (code: Need): string => need[code]?.() ?? '';

/** A person's needs as they are read out: the interpreter with the language, when one was said. */
export function needsWords(needs: readonly Need[], interpreter: string | null = null): string[] {
	const ordered = NEEDS.filter((code) => needs.includes(code));
	return ordered.map((code) =>
		code === 'interpreter' && interpreter ? m.need_interpreter_language({ language: interpreter }) : needWords(code)
	);
}

const tool: Record<Tool, () => string> = {
	ownWords: m.tool_own_words,
	goodDay: m.tool_good_day,
	badDay: m.tool_bad_day,
	importantTo: m.tool_important_to,
	importantFor: m.tool_important_for,
	working: m.tool_working,
	notWorking: m.tool_not_working,
	circle: m.tool_circle,
	offer: m.tool_offer,
	wishes: m.tool_wishes,
	stayingWell: m.tool_staying_well,
	appreciated: m.tool_appreciated,
	notes: m.tool_notes,
	agree: m.tool_agree,
	going: m.tool_going
};
export const toolWords = (code: Tool): string => tool[code]();

const kind: Record<WaitingKind, () => string> = {
	assessment: m.kind_assessment,
	occupationalTherapy: m.kind_occupational_therapy,
	carer: m.kind_carer,
	review: m.kind_review,
	startOfSupport: m.kind_start_of_support,
	deprivationOfLiberty: m.kind_deprivation_of_liberty
};
export const kindWords = (code: WaitingKind): string => kind[code]();

const list: Record<WaitingKind, () => string> = {
	assessment: m.list_assessment,
	occupationalTherapy: m.list_occupational_therapy,
	carer: m.list_carer,
	review: m.list_review,
	startOfSupport: m.list_start_of_support,
	deprivationOfLiberty: m.list_deprivation_of_liberty
};
/** "Occupational therapist's list". */
export const listWords = (code: WaitingKind): string => list[code]();

const band: Record<Band, () => string> = {
	urgent: m.band_urgent,
	high: m.band_high,
	medium: m.band_medium,
	low: m.band_low,
	none: m.band_none
};
export const bandWords = (code: Band): string => band[code]();

const role: Record<Role, () => string> = {
	volunteer: m.role_volunteer,
	worker: m.role_worker,
	manager: m.role_manager
};
export const roleWords = (code: Role): string => role[code]();

/** A word that begins a line of its own. */
export const sentence = (words: string): string => words.charAt(0).toLocaleUpperCase() + words.slice(1);

const place: Record<Place, () => string> = {
	door: m.place_door,
	today: m.place_today,
	people: m.place_people,
	directory: m.place_directory,
	waiting: m.place_waiting,
	trends: m.place_trends,
	questions: m.place_questions,
	laptop: m.place_laptop
};
export const placeWords = (code: Place): string => place[code]();

const scope: Record<Scope, () => string> = {
	frontDesk: m.scope_front_desk,
	casework: m.scope_casework,
	waitingList: m.scope_waiting_list,
	directory: m.scope_directory,
	team: m.scope_team,
	community: m.scope_community
};
export const scopeWords = (code: Scope): string => scope[code]();

const field: Record<QuestionField, () => string> = {
	name: m.field_name,
	phone: m.field_phone,
	postcode: m.field_postcode,
	bornOn: m.field_born_on
};
export const fieldWords = (code: QuestionField): string => field[code]();

const colours = [
	m.friendly_colour_0, m.friendly_colour_1, m.friendly_colour_2, m.friendly_colour_3, m.friendly_colour_4, m.friendly_colour_5,
	m.friendly_colour_6, m.friendly_colour_7, m.friendly_colour_8, m.friendly_colour_9, m.friendly_colour_10, m.friendly_colour_11
];
const things = [
	m.friendly_thing_0, m.friendly_thing_1, m.friendly_thing_2, m.friendly_thing_3, m.friendly_thing_4, m.friendly_thing_5,
	m.friendly_thing_6, m.friendly_thing_7, m.friendly_thing_8, m.friendly_thing_9, m.friendly_thing_10, m.friendly_thing_11,
	m.friendly_thing_12, m.friendly_thing_13, m.friendly_thing_14, m.friendly_thing_15, m.friendly_thing_16, m.friendly_thing_17,
	m.friendly_thing_18, m.friendly_thing_19, m.friendly_thing_20, m.friendly_thing_21, m.friendly_thing_22, m.friendly_thing_23
];
/** "Blue teapot". */
export function friendlyWords(name: FriendlyName): string {
	const colour = colours[name.colour % colours.length]?.() ?? '';
	const thing = things[name.thing % things.length]?.() ?? '';
	return m.friendly_name({ colour, thing });
}
/** The name they'd like us to use, or the ticket's friendly one. */
export function calledWords(visit: { name: string | null; friendly: FriendlyName }): string {
	return visit.name ?? friendlyWords(visit.friendly);
}
