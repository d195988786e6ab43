// A view that stays true: asked when a screen opens, again after anything is saved or arrives, and, where it shows
// minutes, again as they pass. What is on the screen stands until the new answer is there.

import { onRecordsChanged, problemOf } from '../api/index.ts';
import type { Problem } from '../api/index.ts';

const MINUTE = 60_000;

export class Live<T> {
	value = $state.raw<T | undefined>(undefined);
	problem = $state.raw<Problem | undefined>(undefined);
	#ask: () => Promise<T>;
	#asked = 0;

	constructor(ask: () => Promise<T>) {
		this.#ask = ask;
	}

	/** Asks again; of answers that overtake each other the newest question's stands. */
	async refresh(): Promise<void> {
		const mine = ++this.#asked;
		try {
			const value = await this.#ask();
			if (mine === this.#asked) {
				this.value = value;
				this.problem = undefined;
			}
		} catch (thrown) {
			if (mine === this.#asked) this.problem = problemOf(thrown);
		}
	}
}

/** Call while a component is made: keeps the answer live until the component goes. */
export function live<T>(ask: () => Promise<T>, options: { everyMinute?: boolean } = {}): Live<T> {
	const view = new Live(ask);
	$effect(() => {
		void view.refresh();
		const stop = onRecordsChanged(() => void view.refresh());
		const tick = options.everyMinute ? setInterval(() => void view.refresh(), MINUTE) : undefined;
		return () => {
			stop();
			clearInterval(tick);
		};
	});
	return view;
}
