// The charts themselves, as SVG made with Observable Plot. Only the Trends screen may import this: Plot is large.
// Colours are the tokens' names, so that they follow the one place they're kept.

import * as Plot from '@observablehq/plot';
import type { Opening, Phase, TrendWeek } from '../api/types.ts';
import { m } from '../paraglide/messages.js';
import { monthYear, shortDate } from '../words/time.ts';
import { dayAt, monthTicks, openedAt, parts, reach, span, waitPoints } from './shape.ts';

export interface Size {
	width: number;
	height: number;
}
type Drawn = SVGSVGElement | HTMLElement;

const INK = { soft: 'var(--soft)', deep: 'var(--deep)', tea: 'var(--tea)', grid: 'var(--grid)', wash: 'var(--sky-wash)' };
const SIDES = { marginLeft: 56, marginRight: 24 };
const TICK = 15;

function ground(weeks: readonly TrendWeek[], { width, height }: Size) {
	return {
		width,
		height,
		...SIDES,
		className: 'plot',
		x: { type: 'utc' as const, domain: span(weeks), label: null }
	};
}

function months(weeks: readonly TrendWeek[], width: number) {
	const ticks = monthTicks(weeks[0]?.starting ?? '', weeks[weeks.length - 1]?.starting ?? '', Math.max(2, Math.floor(width / 170)));
	return Plot.axisX(ticks, { tickSize: 0, tickPadding: 13, fontSize: TICK, fill: INK.soft, tickFormat: (at: Date) => monthYear(at), label: null });
}

const across = (ticks: number) => [
	Plot.gridY({ ticks, stroke: INK.grid, strokeOpacity: 1 }),
	Plot.axisY({ ticks, tickSize: 0, tickPadding: 8, fontSize: TICK, fill: INK.soft, label: null })
];

/** One picture with one name: what is inside it is not read out piece by piece. */
function named(svg: Drawn, name: string): Drawn {
	svg.setAttribute('role', 'img');
	svg.setAttribute('aria-label', name);
	for (const inner of svg.querySelectorAll('[aria-label], [aria-description]')) {
		inner.removeAttribute('aria-label');
		inner.removeAttribute('aria-description');
	}
	return svg;
}

/** Days to being seen, week by week, with what chance alone would give shaded. */
export function waitsChart(
	trends: { weeks: TrendWeek[]; phases: Phase[]; opening: Opening | null },
	size: Size,
	name: string
): Drawn {
	const { weeks, opening } = trends;
	const points = waitPoints(weeks);
	const shaded = parts(trends.phases);
	const domain = reach(points, shaded);
	const low = domain[0] + (domain[1] - domain[0]) * 0.16;
	const marked = opening ? openedAt(opening.on) : undefined;
	const [start, end] = span(weeks);
	const late = marked !== undefined && marked.getTime() > start.getTime() + (end.getTime() - start.getTime()) * 0.7;
	const average = (part: (typeof shaded)[number]) => m.trends_average({ days: Math.round(part.mean) });
	const words = { fontSize: TICK, fontWeight: 700 };
	const atEnd = (n: number) => n === shaded.length - 1 && shaded.length > 1;
	const labels = shaded.map((part, n) =>
		Plot.text([part], {
			x: atEnd(n) ? 'to' : 'from',
			y: !atEnd(n) && part.lower > low ? 'lower' : 'upper',
			dx: atEnd(n) ? -6 : 6,
			dy: !atEnd(n) && part.lower > low ? 14 : -12,
			textAnchor: atEnd(n) ? 'end' : 'start',
			text: average,
			fill: INK.deep,
			stroke: 'var(--card)',
			strokeWidth: 4,
			...words
		})
	);
	const svg = Plot.plot({
		...ground(weeks, size),
		marginTop: 30,
		marginBottom: 36,
		y: { domain, label: null },
		marks: [
			Plot.rect(shaded, { x1: 'from', x2: 'to', y1: 'lower', y2: 'upper', fill: INK.wash }),
			...across(5),
			Plot.ruleY(shaded, { y: 'upper', x1: 'from', x2: 'to', stroke: INK.deep, strokeOpacity: 0.55, strokeDasharray: '2 4' }),
			Plot.ruleY(shaded, { y: 'lower', x1: 'from', x2: 'to', stroke: INK.deep, strokeOpacity: 0.55, strokeDasharray: '2 4' }),
			Plot.ruleY(shaded, { y: 'mean', x1: 'from', x2: 'to', stroke: INK.deep, strokeWidth: 2 }),
			Plot.line(points, { x: 'at', y: 'days', stroke: '#8d9792', strokeWidth: 1.5 }),
			Plot.dot(points.filter((p) => p.signal === 'usual'), { x: 'at', y: 'days', r: 4.6, fill: INK.soft }),
			Plot.dot(points.filter((p) => p.signal === 'improvement'), { x: 'at', y: 'days', r: 6, symbol: 'diamond', fill: 'var(--leaf)' }),
			Plot.dot(points.filter((p) => p.signal === 'concern'), { x: 'at', y: 'days', r: 6, symbol: 'triangle', fill: 'var(--brick)' }),
			marked && Plot.ruleX([marked], { stroke: INK.tea, strokeWidth: 2, strokeDasharray: '5 4', insetTop: -22 }),
			marked &&
				opening &&
				Plot.text([opening], {
					x: marked,
					frameAnchor: 'top',
					dx: late ? -8 : 8,
					dy: -24,
					textAnchor: late ? 'end' : 'start',
					text: () => m.trends_opened({ hub: opening.hub, day: shortDate(opening.on) }),
					fill: INK.tea,
					...words,
					fontSize: 16
				}),
			...labels,
			months(weeks, size.width)
		]
	});
	return named(svg, name);
}

/** A series' name in the chart's corner. */
const corner = (words: string, at: 'top-left' | 'bottom-left', fill: string) =>
	Plot.text([words], { frameAnchor: at, dx: 4, dy: at === 'top-left' ? -4 : 2, fill, stroke: 'var(--card)', strokeWidth: 4, fontSize: TICK, fontWeight: 700 });

/** People on the list at each week's end. */
export function sizeChart(weeks: TrendWeek[], size: Size, name: string): Drawn {
	const points = weeks.map((week) => ({ at: dayAt(week.starting), size: week.size }));
	const svg = Plot.plot({
		...ground(weeks, size),
		marginTop: 20,
		marginBottom: 12,
		y: { domain: [0, Math.max(5, ...weeks.map((w) => w.size)) * 1.08], label: null },
		marks: [
			...across(4),
			Plot.axisX([], {}),
			Plot.line(points, { x: 'at', y: 'size', stroke: INK.deep, strokeWidth: 2.5, curve: 'step' }),
			corner(m.trends_axis_size(), 'top-left', INK.deep)
		]
	});
	return named(svg, name);
}

/** People who joined, as bars up; people who left, as bars down. */
export function flowChart(weeks: TrendWeek[], size: Size, name: string): Drawn {
	const points = weeks.map((week) => ({ at: dayAt(week.starting), joined: week.joined, left: -week.left }));
	const most = Math.max(2, ...weeks.map((w) => Math.max(w.joined, w.left)));
	const thick = Math.max(2, Math.min(14, ((size.width - 80) / Math.max(weeks.length, 1)) * 0.62));
	const bar = { x: 'at', strokeWidth: thick };
	const whole = (n: number) => (Number.isInteger(n) ? String(Math.abs(n)) : '');
	const svg = Plot.plot({
		...ground(weeks, size),
		marginTop: 20,
		marginBottom: 36,
		y: { domain: [-most * 1.2, most * 1.2], label: null },
		marks: [
			Plot.gridY({ ticks: 4, stroke: INK.grid, strokeOpacity: 1 }),
			Plot.axisY({ ticks: 4, tickSize: 0, tickPadding: 8, fontSize: TICK, fill: INK.soft, label: null, tickFormat: whole }),
			Plot.ruleX(points, { ...bar, y1: 0, y2: 'joined', stroke: INK.tea }),
			Plot.ruleX(points, { ...bar, y1: 0, y2: 'left', stroke: INK.deep }),
			Plot.ruleY([0], { stroke: INK.soft }),
			corner(m.trends_axis_joined(), 'top-left', INK.tea),
			corner(m.trends_axis_left(), 'bottom-left', INK.deep),
			months(weeks, size.width)
		]
	});
	return named(svg, name);
}
