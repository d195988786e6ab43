// Search as you type: each key asks, the newest question's answer stands, and what was found before stays on the screen
// until then. Also the way through what was found with the arrows.

import { onRecordsChanged, problemOf } from '../api/index.ts';
import type { Problem } from '../api/index.ts';

export class Finding<T> {
	query = $state('');
	found = $state.raw<T | undefined>(undefined);
	problem = $state.raw<Problem | undefined>(undefined);
	/** The question that `found` answers. */
	answered = $state.raw<string | undefined>(undefined);
	#ask: (query: string) => Promise<T>;
	#asked = 0;
	#newest: Promise<void> = Promise.resolve();
	#gone = false;

	constructor(ask: (query: string) => Promise<T>) {
		this.#ask = ask;
	}

	refresh(query: string = this.query): Promise<void> {
		return (this.#newest = this.#take(query, ++this.#asked));
	}

	async #take(query: string, mine: number): Promise<void> {
		try {
			const found = await this.#ask(query);
			if (mine === this.#asked) [this.found, this.answered, this.problem] = [found, query, undefined];
		} catch (thrown) {
			if (mine === this.#asked) this.problem = problemOf(thrown);
		}
	}

	/**
	 * For Enter: what is found for what is typed now, as soon as its answer is there. Nothing when no answer comes, and
	 * nothing when more is typed or the screen is left before it does.
	 */
	async answer(): Promise<T | undefined> {
		const query = this.query;
		if (this.answered !== query) {
			let last = this.refresh(query);
			for (await last; last !== this.#newest; await last) last = this.#newest;
		}
		return this.query === query && this.answered === query && !this.#gone ? this.found : undefined;
	}

	/** Call while a component is made: asks as the query changes, and again when records do. */
	live(): void {
		$effect(() => {
			void this.refresh(this.query);
		});
		$effect(() => onRecordsChanged(() => void this.refresh()));
		$effect(() => () => {
			this.#gone = true;
		});
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
