import { expect, it } from 'vitest';
import type { OtherLaptop } from '../api/types.ts';
import { actWords, actsOn, clockWords, confirmLines, heardWords, nameWords, standingWords } from './laptops.ts';

const other: OtherLaptop = {
	id: '0',
	name: 'Green Lane 2',
	role: 'volunteer',
	administrator: false,
	keeper: false,
	standing: 'live',
	erasuresUnconfirmed: 0,
	clockErrorMinutes: null, doubled: false,
	lastHeard: null,
	unconfirmed: 0
};
const heard = { ...other, lastHeard: '2026-11-22T12:40:00Z' };

it('says how a laptop stands', () => {
	expect([standingWords(other), standingWords(heard)]).toEqual(['Not heard from yet', 'Works']);
	expect(standingWords({ ...heard, standing: 'retired' })).toBe('Left');
	expect(standingWords({ ...heard, standing: 'takenOut' })).toBe('Taken out');
	expect([nameWords(other), nameWords({ ...other, name: '' })]).toEqual(['Green Lane 2', 'A laptop with no name yet']);
});

it('says when it was heard, and what it has yet to confirm, erasures too', () => {
	expect([heardWords(other), confirmLines(heard)]).toEqual(['Not yet', ['Has confirmed everything']]);
	const late = { ...heard, unconfirmed: 12, erasuresUnconfirmed: 1 };
	expect([heardWords(late, '2026-11-23'), confirmLines(late)]).toEqual(['yesterday, 12:40pm', ['12 records of ours', '1 erasure']]);
});

it('says of a laptop that has gone only what it may still hold', () => {
	const gone = { ...heard, standing: 'takenOut' as const, unconfirmed: 12 };
	expect(confirmLines(gone)).toEqual(["Nothing: it's no longer asked"]);
	expect(confirmLines({ ...gone, erasuresUnconfirmed: 2 })).toEqual(['May still hold 2 things that were erased']);
});

it('says by how much a clock is wrong', () => {
	const said = (clockErrorMinutes: number | null) => clockWords({ ...heard, clockErrorMinutes });
	expect([null, 6, 180, 60 * 24 * 365 * 3, -1, -6, -180, -60 * 24 * 365 * 3].map(said)).toEqual([
		undefined,
		'Its clock is 6 minutes fast',
		'Its clock is 3 hours fast',
		'Its clock is 1,095 days fast',
		'Its clock is at least 1 minute slow',
		'Its clock is at least 6 minutes slow',
		'Its clock is at least 3 hours slow',
		'Its clock is at least 1,095 days slow'
	]);
});

it('offers what can be done about a laptop, and nothing about one that has gone', () => {
	expect(actsOn(heard)).toEqual(['role', 'keeper', 'administrator', 'takeOut']);
	expect(actsOn({ ...heard, administrator: true, keeper: true })).toEqual(['keeperNoMore', 'takeOut']);
	expect(actsOn({ ...heard, standing: 'retired' })).toEqual([]);
	expect(actWords('takeOut', 'Green Lane 2').wont[0]).toContain('What it already holds stays on it');
});
