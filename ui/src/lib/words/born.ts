// A date of birth in words, with the age it makes; and the text two laptops may disagree on, which says a guess with "~".

import { m } from '../paraglide/messages.js';
import type { CalendarDate } from '../api/types.ts';
import { longDate, todayHere } from './time.ts';

const GUESSED = /^(\d{4}-\d{2}-\d{2})(~?)$/;

/** Whole years; somebody born on 29 February turns on 1 March in other years. */
export function ageOn(born: CalendarDate, today: CalendarDate = todayHere()): number {
	const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4));
	return today.slice(5) < born.slice(5) ? years - 1 : years;
}

/** "2 March 1971, 55", "about 2 March 1971, 55". */
export function bornWords(born: CalendarDate, approximate = false, today: CalendarDate = todayHere()): string {
	const said = { day: longDate(born), age: ageOn(born, today) };
	return approximate ? m.person_born_about(said) : m.person_born(said);
}

/** A value of the date of birth as it is kept; what isn't one is shown as it stands. */
export function keptBornWords(kept: string, today: CalendarDate = todayHere()): string {
	const [, day, guessed] = GUESSED.exec(kept.trim()) ?? [];
	return day === undefined ? kept : bornWords(day, guessed === '~', today);
}
