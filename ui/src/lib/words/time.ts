// Moments and days in words, as a hub in Britain says them: "10:05am", "Tuesday 24 November", "3 December 2026".

import { m } from '../paraglide/messages.js';
import type { CalendarDate, Instant } from '../api/types.ts';

const ZONE = 'Europe/London';
const LOCALE = 'en-GB';
const clock = new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
const dayParts = new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' });

function hourInWords(hour: number, minute: number): string {
	const twelve = hour % 12 === 0 ? 12 : hour % 12;
	const time = minute === 0 ? `${twelve}` : `${twelve}:${String(minute).padStart(2, '0')}`;
	if (hour === 12 && minute === 0) return m.time_midday();
	if (hour === 0 && minute === 0) return m.time_midnight();
	return hour < 12 ? m.time_am({ time }) : m.time_pm({ time });
}

/** "10:05am", "1pm", "midday". */
export function clockTime(at: Instant): string {
	const parts = clock.formatToParts(new Date(at));
	const part = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
	return hourInWords(part('hour'), part('minute'));
}

/** The same for a session's closing time, `HH:MM`. */
export function wallTime(hhmm: string): string {
	const [hour, minute] = hhmm.split(':').map(Number);
	return hourInWords(hour ?? 0, minute ?? 0);
}

/** The day an instant fell on, where the hub is. */
export function dayOf(at: Instant | Date): CalendarDate {
	// From its parts: which locale writes a day as YYYY-MM-DD differs from one engine to the next.
	const parts = dayParts.formatToParts(typeof at === 'string' ? new Date(at) : at);
	const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
	return `${part('year')}-${part('month')}-${part('day')}`;
}

export function todayHere(now: Date = new Date()): CalendarDate {
	return dayOf(now);
}

function sayDay(day: CalendarDate, shape: Intl.DateTimeFormatOptions): string {
	const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
	const noon = new Date(Date.UTC(year, month - 1, date, 12));
	return new Intl.DateTimeFormat(LOCALE, { ...shape, timeZone: 'UTC' }).format(noon).replace(',', '');
}

/** "Tuesday 24 November". */
export function weekdayDate(day: CalendarDate): string {
	return sayDay(day, { weekday: 'long', day: 'numeric', month: 'long' });
}

/** "Tuesday 24 November 2026". */
export function weekdayDateYear(day: CalendarDate): string {
	return sayDay(day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** "3 December 2026". */
export function longDate(day: CalendarDate): string {
	return sayDay(day, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** "3 December" this year, with the year in others. */
export function shortDate(day: CalendarDate, today: CalendarDate = todayHere()): string {
	return day.slice(0, 4) === today.slice(0, 4) ? sayDay(day, { day: 'numeric', month: 'long' }) : longDate(day);
}

/** Whole days from one day to another; negative when it is before. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
	return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The day so many days after another. */
export function daysAfter(day: CalendarDate, days: number): CalendarDate {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** "Today", "By tomorrow", "By Thursday" within a week, "By 2 December" beyond, "Was due 2 November" before. */
export function byWhen(day: CalendarDate, today: CalendarDate = todayHere()): string {
	const days = daysBetween(today, day);
	if (days === 0) return m.by_today();
	if (days === 1) return m.by_tomorrow();
	if (days < 0) return m.by_passed({ day: shortDate(day, today) });
	return m.by_day({ day: days < 7 ? sayDay(day, { weekday: 'long' }) : shortDate(day, today) });
}

/** "10:05am" today, "yesterday, 12:40pm", "2 November, 9am" before. */
export function moment(at: Instant, today: CalendarDate = todayHere()): string {
	const day = dayOf(at);
	const time = clockTime(at);
	const ago = daysBetween(day, today);
	if (ago === 0) return time;
	if (ago === 1) return m.time_yesterday({ time });
	return m.time_on_day({ day: shortDate(day, today), time });
}

/** Morning, afternoon or evening, where the hub is. */
export function greeting(now: Date = new Date()): string {
	const hour = Number(clock.formatToParts(now).find((p) => p.type === 'hour')?.value ?? 9);
	if (hour < 12) return m.door_good_morning();
	return hour < 17 ? m.door_good_afternoon() : m.door_good_evening();
}

/** "December 2025", of a day at a chart's foot. */
export function monthYear(at: Date): string {
	return new Intl.DateTimeFormat(LOCALE, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(at);
}

/** "June" this year, "June 2025" in others. */
export function monthOf(day: CalendarDate, today: CalendarDate = todayHere()): string {
	return day.slice(0, 4) === today.slice(0, 4) ? sayDay(day, { month: 'long' }) : sayDay(day, { month: 'long', year: 'numeric' });
}
