import { expect, it } from 'vitest';
import type { Phase, TrendWeek } from '../api/types.ts';
import { monthTicks, openedAt, parts, phaseOf, reach, span, waitPoints } from './shape.ts';

const week = (starting: string, more: Partial<TrendWeek> = {}): TrendWeek => ({
	starting, joined: 0, left: 0, size: 0, seen: 1, meanDays: 30, signal: null, underWay: false, ...more
});
const phase = (from: string, to: string, more: Partial<Phase> = {}): Phase => ({ from, to, mean: 41, lower: 30, upper: 52, trial: false, ...more });
const day = (at: Date | undefined) => at?.toISOString().slice(0, 10);

it('charts weeks that are over and in which someone was seen', () => {
	const points = waitPoints([
		week('2026-11-02', { signal: 'concern' }),
		week('2026-11-09', { meanDays: null, seen: 0 }),
		week('2026-11-16'),
		week('2026-11-23', { underWay: true })
	]);
	expect(points.map((p) => [day(p.at), p.signal])).toEqual([['2026-11-02', 'concern'], ['2026-11-16', 'usual']]);
});

it('shades half a week either side of a phase, and leaves out one without limits', () => {
	const [only, ...rest] = parts([phase('2026-06-01', '2026-06-08'), phase('2026-06-15', '2026-06-15', { lower: null })]);
	expect([only?.from.toISOString(), only?.to.toISOString(), rest.length]).toEqual(['2026-05-28T12:00:00.000Z', '2026-06-11T12:00:00.000Z', 0]);
});

it('draws an opening where the shading before it ends and that after it begins', () => {
	const [before, after] = parts([phase('2026-05-18', '2026-05-25'), phase('2026-06-01', '2026-06-08')]);
	for (const on of ['2026-06-01', '2026-06-02', '2026-06-07']) {
		expect([before?.to, after?.from]).toEqual([openedAt(on), openedAt(on)]);
	}
});

it('finds the phase of a week', () => {
	const both = [phase('2026-05-18', '2026-05-25'), phase('2026-06-01', '2026-06-08', { mean: 27 })];
	expect(phaseOf('2026-06-01', both)?.mean).toBe(27);
	expect(phaseOf('2026-06-15', both)).toBeUndefined();
});

it('reaches over everything drawn, from nought where values are small', () => {
	expect(reach([], [])).toEqual([0, 10]);
	const [below, above] = reach(waitPoints([week('2026-11-02', { meanDays: 60 })]), parts([phase('2026-06-01', '2026-06-08')]));
	expect(below).toBe(20);
	expect(above).toBeGreaterThan(60);
	expect(reach(waitPoints([week('2026-11-02', { meanDays: 4 })]), [])[0]).toBe(0);
});

it('names a few months, evenly apart, over the turn of a year', () => {
	const ticks = monthTicks('2025-12-01', '2026-11-23', 5);
	expect(ticks.map(day)).toEqual(['2025-12-01', '2026-03-01', '2026-06-01', '2026-09-01']);
	expect(monthTicks('2026-11-09', '2026-11-23', 5)).toEqual([]);
	expect(monthTicks('', '', 5)).toEqual([]);
});

it('spans its weeks, and does not fail without any', () => {
	expect(span([week('2026-11-02'), week('2026-11-09')]).map(day)).toEqual(['2026-10-29', '2026-11-13']);
	expect(span([]).every((at) => !Number.isNaN(at.getTime()))).toBe(true);
});
