import { expect, it } from 'vitest';
import type { TrendWeek } from '../api/types.ts';
import { changeWords, clearsWords, restOnWords, saysWords, sizeSentence, waitsSentence } from './trends.ts';

const since = (kind: 'soonerSince' | 'laterSince', days: number, moreThanChance: boolean) =>
	waitsSentence({ kind, data: { days, hub: 'Green Lane', moreThanChance } });

it('says whether people are seen sooner, and whether that is more than chance', () => {
	expect(since('soonerSince', 14, true)).toBe('People are seen 14 days sooner since Green Lane opened, and this is more than chance.');
	expect(since('soonerSince', 1, false)).toBe('People are seen 1 day sooner since Green Lane opened, but this could be chance.');
	expect(since('laterSince', 3, true)).toBe('People wait 3 days longer since Green Lane opened, and this is more than chance.');
	expect(since('laterSince', 3, false)).toBe('People wait 3 days longer since Green Lane opened, but this could be chance.');
});

it('does not claim what it is too early to say', () => {
	expect(waitsSentence({ kind: 'notEnoughPoints', data: { have: 7, need: 13 } })).toBe('It is too early to say: 7 of the 13 weeks needed.');
});

it('says what the newest weeks show where there is nothing to compare with', () => {
	const steady = (signal: 'improvement' | 'concern' | null) => waitsSentence({ kind: 'steady', data: { days: 27, signal } });
	expect(steady(null)).toBe("People are seen after about 27 days, and this hasn't changed by more than chance.");
	expect(steady('improvement')).toContain('lately sooner by more than chance');
	expect(steady('concern')).toContain('lately later by more than chance');
});

it('says what became of the list', () => {
	expect(sizeSentence({ kind: 'nothing' })).toBe('Nobody joined or left this list in these weeks.');
	expect(sizeSentence({ kind: 'shrank', data: { by: 21, from: 84, to: 63 } })).toBe('The list shrank by 21 people, from 84 to 63.');
	expect(sizeSentence({ kind: 'grew', data: { by: 1, from: 2, to: 3 } })).toBe('The list grew by 1 person, from 2 to 3.');
	expect(sizeSentence({ kind: 'same', data: { size: 63 } })).toBe('As many joined as left: 63 people on the list, as before.');
	expect(clearsWords({ kind: 'inWeeks', data: { weeks: 9 } })).toBe('Clears to target in about 9 weeks');
	expect(clearsWords({ kind: 'never' })).toBe("Doesn't clear: as many join as leave");
});

it('says a change with an arrow and in full', () => {
	const opening = { hub: 'Green Lane', on: '2026-06-02' };
	const change = (waitingChange: number, open: typeof opening | null) =>
		changeWords({ waitingChange, opening: open, weeks: Array<TrendWeek>(52) }, '2026-11-23');
	expect(change(-21, opening)).toEqual({ short: '▼ 21 since June', whole: '21 fewer since June' });
	expect(change(4, null)).toEqual({ short: '▲ 4 in 52 weeks', whole: '4 more in 52 weeks' });
	expect(change(0, opening).whole).toBe('no change since June');
	expect(changeWords({ waitingChange: -1, opening, weeks: [] }, '2027-02-01').short).toBe('▼ 1 since June 2026');
});

it('says whose records the figures rest on', () => {
	expect(restOnWords({ laptops: 1, oldestNews: null })).toBe('Figures from this laptop.');
	expect(restOnWords({ laptops: 11, oldestNews: { laptop: 'Station Road 2', at: '2026-11-22T12:40:00Z' } }, '2026-11-23')).toBe(
		'Figures from 11 laptops. Oldest news: Station Road 2, yesterday, 12:40pm.'
	);
	expect([saysWords('improvement'), saysWords('concern'), saysWords(null)]).toEqual(['Yes, sooner', 'Yes, later', 'No']);
});
