// What the charts say, in a sentence each; the hub decides what is so, these only say it.

import { m } from '../paraglide/messages.js';
import type { CalendarDate, Clears, Signal, SizeSays, Trends, WaitsSay } from '../api/types.ts';
import { moment, monthOf, todayHere } from './time.ts';

export function waitsSentence(says: WaitsSay): string {
	switch (says.kind) {
		case 'notEnoughPoints':
			return m.trends_too_early(says.data);
		case 'soonerSince':
			return says.data.moreThanChance ? m.trends_sooner_sure(says.data) : m.trends_sooner_unsure(says.data);
		case 'laterSince':
			return says.data.moreThanChance ? m.trends_later_sure(says.data) : m.trends_later_unsure(says.data);
		case 'steady': {
			const { days, signal } = says.data;
			if (signal === 'improvement') return m.trends_steady_better({ days });
			return signal === 'concern' ? m.trends_steady_worse({ days }) : m.trends_steady({ days });
		}
	}
}

export function sizeSentence(says: SizeSays): string {
	switch (says.kind) {
		case 'nothing':
			return m.trends_size_nothing();
		case 'shrank':
			return m.trends_size_shrank(says.data);
		case 'grew':
			return m.trends_size_grew(says.data);
		case 'same':
			return m.trends_size_same(says.data);
	}
}

export function clearsWords(clears: Clears): string {
	switch (clears.kind) {
		case 'empty':
			return m.trends_clears_empty();
		case 'atTarget':
			return m.trends_clears_at_target();
		case 'inWeeks':
			return m.trends_clears_weeks({ count: clears.data.weeks });
		case 'never':
			return m.trends_clears_never();
	}
}

/** A change in how many wait: an arrow for a glance, and the whole of it for whoever doesn't see the arrow. */
export function changeWords(
	trends: Pick<Trends, 'waitingChange' | 'opening' | 'weeks'>,
	today: CalendarDate = todayHere()
): { short: string; whole: string } {
	const { waitingChange: change, opening, weeks } = trends;
	const since = opening
		? m.trends_since_month({ month: monthOf(opening.on, today) })
		: m.trends_since_weeks({ count: weeks.length });
	const count = Math.abs(change);
	if (change === 0) return { short: m.trends_now_same({ since }), whole: m.trends_now_same({ since }) };
	return change < 0
		? { short: m.trends_now_down({ count, since }), whole: m.trends_now_fewer({ count, since }) }
		: { short: m.trends_now_up({ count, since }), whole: m.trends_now_more({ count, since }) };
}

export function saysWords(signal: Signal | null): string {
	if (signal === 'improvement') return m.trends_says_improvement();
	return signal === 'concern' ? m.trends_says_concern() : m.trends_says_nothing();
}

/** "Figures from 11 laptops. Oldest news: Station Road 2, yesterday, 12:40pm." */
export function restOnWords(trends: Pick<Trends, 'laptops' | 'oldestNews'>, today: CalendarDate = todayHere()): string {
	const from = m.trends_figures_from({ count: trends.laptops });
	if (!trends.oldestNews) return from;
	const { laptop, at } = trends.oldestNews;
	return `${from} ${m.trends_oldest_news({ laptop, when: moment(at, today) })}`;
}
