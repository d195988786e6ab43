// A problem's code into a sentence: what happened, and what to do.

import { m } from '../paraglide/messages.js';
import type { Problem, ProblemCode } from './types.ts';

export class ProblemError extends Error {
	readonly problem: Problem;
	constructor(problem: Problem) {
		super(problem.code);
		this.name = 'ProblemError';
		this.problem = problem;
	}
}

export function isProblem(value: unknown): value is Problem {
	return typeof value === 'object' && value !== null && 'code' in value && 'reference' in value;
}

export function unexpected(): Problem {
	return { code: 'unexpected', field: null, number: null, reference: 'UI00' };
}

function tooMany(seconds: number): string {
	return seconds < 60
		? m.problem_too_many_passphrases_seconds({ count: seconds })
		: m.problem_too_many_passphrases_minutes({ count: Math.ceil(seconds / 60) });
}

const sentences: Record<ProblemCode, (problem: Problem) => string> = {
	wrongPassphrase: () => m.problem_wrong_passphrase(),
	tooManyPassphrases: (p) => tooMany(p.number ?? 60),
	passphraseTooShort: (p) => m.problem_passphrase_too_short({ count: p.number ?? 12 }),
	folderInUse: () => m.problem_folder_in_use(),
	noRecords: () => m.problem_no_records(),
	alreadyRecords: () => m.problem_already_records(),
	madeByNewer: () => m.problem_made_by_newer(),
	damaged: () => m.problem_damaged(),
	diskFull: () => m.problem_disk_full(),
	readOnly: () => m.problem_read_only(),
	notSignedIn: () => m.problem_not_signed_in(),
	notAllowed: () => m.problem_not_allowed(),
	takenOut: () => m.problem_taken_out(),
	lastAdministrator: () => m.problem_last_administrator(),
	ownLaptop: () => m.problem_own_laptop(),
	notYetHeld: () => m.problem_not_yet_held(),
	notFound: () => m.problem_not_found(),
	stillArriving: () => m.problem_still_arriving(),
	tooLong: (p) => m.problem_too_long({ count: (p.number ?? 300).toLocaleString('en-GB') }),
	empty: () => m.problem_empty(),
	notADate: () => m.problem_not_a_date(),
	dateInFuture: () => m.problem_date_in_future(),
	dateTooLongAgo: () => m.problem_date_too_long_ago(),
	notAPostcode: () => m.problem_not_a_postcode(),
	notAPhone: () => m.problem_not_a_phone(),
	alreadyTaken: () => m.problem_already_taken(),
	listingNotActive: () => m.problem_listing_not_active(),
	noHall: () => m.problem_no_hall(),
	noSyncFolder: () => m.problem_no_sync_folder(),
	syncFolderMissing: () => m.problem_sync_folder_missing(),
	syncFolderReadOnly: () => m.problem_sync_folder_read_only(),
	syncFolderFull: () => m.problem_sync_folder_full(),
	syncFolderOwn: () => m.problem_sync_folder_own(),
	syncFolderFailed: () => m.problem_sync_folder_failed(),
	notARequest: () => m.problem_not_a_request(),
	notAnApproval: () => m.problem_not_an_approval(),
	wrongCode: () => m.problem_wrong_code(),
	requestOld: () => m.problem_request_old(),
	alreadyTakenIn: () => m.problem_already_taken_in(),
	notTheSheet: () => m.problem_not_the_sheet(),
	sheetReplaced: () => m.problem_sheet_replaced(),
	needsTwoAdministrators: () => m.problem_needs_two_administrators(),
	nothingToRecover: () => m.problem_nothing_to_recover(),
	relayAddress: () => m.problem_relay_address(),
	relayUnreachable: () => m.problem_relay_unreachable(),
	relayCertificateExpired: () => m.problem_relay_certificate_expired(),
	relayCertificate: () => m.problem_relay_certificate(),
	relayNotOneOfThem: () => m.problem_relay_not_one_of_them(),
	relayTakenOut: () => m.problem_relay_taken_out(),
	relayFull: () => m.problem_relay_full(),
	relayFailed: () => m.problem_relay_failed(),
	bucketAddress: () => m.problem_bucket_address(),
	bucketNoCredential: () => m.problem_bucket_no_credential(),
	bucketExpired: () => m.problem_bucket_expired(),
	bucketClock: () => m.problem_bucket_clock(),
	bucketRefused: () => m.problem_bucket_refused(),
	bucketMissing: () => m.problem_bucket_missing(),
	bucketUnreachable: () => m.problem_bucket_unreachable(),
	bucketFailed: () => m.problem_bucket_failed(),
	notAJoinFile: () => m.problem_not_a_join_file(),
	joinFileOther: () => m.problem_join_file_other(),
	notOpenReferral: () => m.problem_not_open_referral(),
	fileFailed: () => m.problem_file_failed(),
	unexpected: (p) => m.problem_unexpected({ reference: p.reference })
};

export function problemSentence(problem: Problem): string {
	return (sentences[problem.code] ?? sentences.unexpected)(problem);
}

/** The problem inside what was thrown; anything else is an unexpected one. */
export function problemOf(thrown: unknown): Problem {
	return thrown instanceof ProblemError ? thrown.problem : unexpected();
}
