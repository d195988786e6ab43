// GOV.UK's date input: three fields as typed into a day, or what is wrong with them.

import type { CalendarDate } from '../api/types.ts';

export interface TypedDate {
	day: string;
	month: string;
	year: string;
}
export type DateTrouble = 'empty' | 'notADate' | 'inFuture' | 'tooLongAgo';
export type ReadDate = { date: CalendarDate } | { trouble: DateTrouble };

export const NO_DATE: TypedDate = { day: '', month: '', year: '' };

const number = (typed: string, most: number): number | undefined =>
	new RegExp(`^\\d{1,${most}}$`).test(typed) ? Number(typed) : undefined;

/** Reads three fields; `between` are the first and last day allowed, both included. */
export function readDate(typed: TypedDate, between: { first?: CalendarDate; last?: CalendarDate } = {}): ReadDate {
	const [d, m, y] = [typed.day.trim(), typed.month.trim(), typed.year.trim()];
	if (d === '' && m === '' && y === '') return { trouble: 'empty' };
	const [day, month, year] = [number(d, 2), number(m, 2), number(y, 4)];
	if (day === undefined || month === undefined || year === undefined || y.length !== 4) return { trouble: 'notADate' };
	const at = new Date(Date.UTC(year, month - 1, day));
	if (at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return { trouble: 'notADate' };
	const date = at.toISOString().slice(0, 10);
	if (between.last && date > between.last) return { trouble: 'inFuture' };
	if (between.first && date < between.first) return { trouble: 'tooLongAgo' };
	return { date };
}

export function typedFrom(date: CalendarDate): TypedDate {
	const [year = '', month = '', day = ''] = date.split('-');
	return { day: String(Number(day)), month: String(Number(month)), year };
}
