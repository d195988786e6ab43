// Where each place of the rail is, and which place a path belongs to.

import type { Place, RailPlace } from '../api/types.ts';

export const PATHS: Record<Place, string> = {
	door: '/door',
	today: '/today',
	people: '/people',
	directory: '/directory',
	waiting: '/waiting',
	trends: '/trends',
	questions: '/questions',
	laptop: '/laptop'
};

/** A conversation belongs to the worker's day; everything else to the place its path begins with. */
export function placeOf(path: string): Place | undefined {
	if (path.startsWith('/conversation/')) return 'today';
	const entries = Object.entries(PATHS) as [Place, string][];
	return entries.find(([, start]) => path === start || path.startsWith(`${start}/`))?.[0];
}

/** Where someone lands: where they are if it's theirs, else their day if they have one, else the first place they have. */
export function landing(path: string, places: readonly RailPlace[]): string | undefined {
	const here = placeOf(path);
	if (here && places.some((p) => p.place === here)) return undefined;
	const first = places.find((p) => p.place === 'today') ?? places[0];
	return first ? PATHS[first.place] : undefined;
}
