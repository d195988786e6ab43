// Search as you type: each key asks, the newest question's answer stands, and what was found before stays on the screen
// until then. Also the way through what was found with the arrows.

import { onRecordsChanged, problemOf } from '../api/index.ts';
import type { Problem } from '../api/index.ts';

export class Finding<T> {
	query = $state('');
	found = $state.raw<T | undefined>(undefined);
	problem = $state.raw<Problem | undefined>(undefined);
	#ask: (query: string) => Promise<T>;
	#asked = 0;

	constructor(ask: (query: string) => Promise<T>) {
		this.#ask = ask;
	}

	async refresh(query: string = this.query): Promise<void> {
		const mine = ++this.#asked;
		try {
			const found = await this.#ask(query);
			if (mine === this.#asked) [this.found, this.problem] = [found, undefined];
		} catch (thrown) {
			if (mine === this.#asked) this.problem = problemOf(thrown);
		}
	}

	/** Call while a component is made: asks as the query changes, and again when records do. */
	live(): void {
		$effect(() => {
			void this.refresh(this.query);
		});
		$effect(() => onRecordsChanged(() => void this.refresh()));
	}
}

/** Where an arrow, Home or End leads among `count` places; -1 is the search field before the first. */
export function stepTo(key: string, at: number, count: number): number | undefined {
	if (count === 0) return undefined;
	if (key === 'ArrowDown') return Math.min(at + 1, count - 1);
	if (key === 'ArrowUp') return Math.max(at - 1, -1);
	if (at < 0) return undefined;
	return { Home: 0, End: count - 1 }[key];
}

/** Moves focus between a search field and the buttons or links of the list under it. */
export function listWalk(event: KeyboardEvent, search: HTMLElement | undefined, list: HTMLElement | undefined): void {
	const stops = [...(list?.querySelectorAll<HTMLElement>('button, a') ?? [])];
	const at = stops.findIndex((stop) => stop === document.activeElement);
	if (at < 0 && document.activeElement !== search) return;
	const to = stepTo(event.key, at, stops.length);
	if (to === undefined) return;
	event.preventDefault();
	(to < 0 ? search : stops[to])?.focus();
}
