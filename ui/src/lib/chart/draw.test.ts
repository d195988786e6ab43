import { expect, it } from 'vitest';
import type { TrendWeek } from '../api/types.ts';
import { flowChart, sizeChart, waitsChart } from './draw.ts';

const weeks: TrendWeek[] = ['02', '09', '16', '23'].map((day, n) => ({
	starting: `2026-11-${day}`, joined: n, left: 2, size: 9, seen: 1, meanDays: 30 + n,
	signal: (['improvement', 'concern', null, null] as const)[n] ?? null, underWay: n === 3
}));
const phases = [{ from: '2026-11-02', to: '2026-11-16', mean: 31, lower: 28, upper: 34, trial: true }];
const size = { width: 800, height: 300 };

it('is one picture with one name, whatever is inside', () => {
	const all = [
		waitsChart({ weeks, phases, opening: { hub: 'Green Lane', on: '2026-11-10' } }, size, 'Days'),
		sizeChart(weeks, size, 'Size'),
		flowChart(weeks, size, 'Flow')
	];
	for (const svg of all) {
		expect(svg.tagName.toLowerCase()).toBe('svg');
		expect(svg.getAttribute('role')).toBe('img');
		expect(svg.querySelector('[aria-label]')).toBeNull();
	}
	expect(all.map((svg) => svg.getAttribute('aria-label'))).toEqual(['Days', 'Size', 'Flow']);
});

it('writes the opening and the average on the chart, and draws each kind of point in its own shape', () => {
	const svg = waitsChart({ weeks, phases, opening: { hub: 'Green Lane', on: '2026-11-10' } }, size, 'Days');
	expect(svg.textContent).toContain('Green Lane opened, 10 November');
	expect(svg.textContent).toContain('average 31 days');
	expect(svg.querySelectorAll('circle')).toHaveLength(1);
	expect(svg.querySelectorAll('g[fill="var(--leaf)"] path')).toHaveLength(1);
	expect(svg.querySelectorAll('g[fill="var(--brick)"] path')).toHaveLength(1);
});

it('draws what there is of nothing', () => {
	expect(waitsChart({ weeks: [], phases: [], opening: null }, size, 'Days').getAttribute('role')).toBe('img');
});
