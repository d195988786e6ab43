// From the hub's weeks and phases to what a chart draws: points, shaded parts, ticks. No drawing here.

import type { CalendarDate, Phase, Signal, TrendWeek } from '../api/types.ts';
import { daysAfter } from '../words/time.ts';

export interface WaitPoint {
	at: Date;
	days: number;
	signal: Signal | 'usual';
}
export interface Part {
	from: Date;
	to: Date;
	mean: number;
	lower: number;
	upper: number;
}

/** A day as a chart's scale has it. */
export const dayAt = (day: CalendarDate): Date => new Date(`${day}T00:00:00Z`);

/** Weeks that are over and in which someone was seen. */
export function waitPoints(weeks: readonly TrendWeek[]): WaitPoint[] {
	return weeks.flatMap((week) =>
		week.meanDays === null || week.underWay
			? []
			: [{ at: dayAt(week.starting), days: week.meanDays, signal: week.signal ?? 'usual' }]
	);
}

/** Phases, each widened by half a week so that its first and last points stand inside its shading. */
export function parts(phases: readonly Phase[]): Part[] {
	const half = 3.5 * 86_400_000;
	return phases.flatMap(({ from, to, mean, lower, upper }) =>
		mean === null || lower === null || upper === null
			? []
			: [{ from: new Date(dayAt(from).getTime() - half), to: new Date(dayAt(to).getTime() + half), mean, lower, upper }]
	);
}

/** Where an opening is drawn: before the week it fell into, because that whole week counts as after. */
export function openedAt(day: CalendarDate): Date {
	const at = dayAt(day);
	const sinceMonday = (at.getUTCDay() + 6) % 7;
	return new Date(at.getTime() - (sinceMonday + 3.5) * 86_400_000);
}

/** The phase a week falls into. */
export function phaseOf(week: CalendarDate, phases: readonly Phase[]): Phase | undefined {
	return phases.find((phase) => phase.from <= week && week <= phase.to);
}

/** From nought, or from a round number well under everything drawn, to a little above it. */
export function reach(points: readonly WaitPoint[], shaded: readonly Part[]): [number, number] {
	const all = [...points.map((p) => p.days), ...shaded.flatMap((s) => [s.lower, s.upper])];
	if (all.length === 0) return [0, 10];
	const [least, most] = [Math.min(...all), Math.max(...all)];
	const below = least > 12 ? Math.max(0, Math.floor((least - 8) / 10) * 10) : 0;
	return [below, Math.max(most + (most - below) * 0.06, below + 5)];
}

/** Firsts of months to name under a chart, at most so many, evenly apart. */
export function monthTicks(first: CalendarDate, last: CalendarDate, most: number): Date[] {
	const firsts: Date[] = [];
	const [year = 1970, month = 1] = first.split('-').map(Number);
	const end = dayAt(last);
	// Without a last day this compares with no number, and ends at once.
	for (let at = new Date(Date.UTC(year, month - 1, 1)); at <= end; at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))) {
		if (at >= dayAt(first)) firsts.push(at);
	}
	const step = Math.max(1, Math.ceil(firsts.length / most));
	return firsts.filter((_, n) => n % step === 0);
}

/** The first and last day that a chart of weeks spans, with half a week either side. */
export function span(weeks: readonly TrendWeek[]): [Date, Date] {
	const first = weeks[0]?.starting ?? '1970-01-05';
	const last = weeks[weeks.length - 1]?.starting ?? first;
	return [dayAt(daysAfter(first, -4)), dayAt(daysAfter(last, 4))];
}
