// Who sits at this laptop: how far it has got, who is signed in, and whether the screen is hidden.
// Whatever is half typed is written before anyone locks, hides or hands over.

import { api, problemOf } from '../api/index.ts';
import type { Asked, Problem, Shell, Start } from '../api/index.ts';

type Flush = () => Promise<void> | void;

class Session {
	start = $state.raw<Start | undefined>(undefined);
	problem = $state.raw<Problem | undefined>(undefined);
	/** What this laptop has asked, once its passphrase was given. */
	asked = $state.raw<Asked | undefined>(undefined);
	/** True while the neutral page is up. */
	hidden = $state(false);
	/** True once the records were open since the program started: a passphrase then unlocks, and no longer opens. */
	everOpen = false;
	/** Whose place to come back to: the person last signed in. */
	lastMember: string | undefined;
	#flushes = new Set<Flush>();

	get shell(): Shell | undefined {
		return this.start?.kind === 'open' ? this.start.data : undefined;
	}

	/** True while the passphrase has been given and nothing is locked, whether or not anyone has signed in. */
	get #recordsOpen(): boolean {
		return this.start?.kind === 'open' || this.start?.kind === 'signIn' || this.start?.kind === 'askDate';
	}

	async refresh(): Promise<void> {
		try {
			this.start = await api.startState();
			this.problem = undefined;
		} catch (thrown) {
			this.problem = problemOf(thrown);
		}
		if (this.#recordsOpen) this.everOpen = true;
		if (this.start?.kind === 'open') this.lastMember = this.start.data.me.id;
	}

	/** A screen with something half typed says how to keep it; answers how to stop. */
	keepBeforeLeaving(flush: Flush): () => void {
		this.#flushes.add(flush);
		return () => this.#flushes.delete(flush);
	}

	async keepEverything(): Promise<void> {
		await Promise.allSettled([...this.#flushes].map((flush) => flush()));
	}

	/** F9: the neutral page at once, then what is half typed is kept and the records are locked. */
	async hide(): Promise<void> {
		if (!this.#recordsOpen) return;
		const keeping = this.keepEverything();
		this.hidden = true;
		await keeping;
		await this.#leave(() => api.lock());
	}

	/** From the neutral page to the passphrase; never past it. */
	comeBack(): void {
		if (!this.#recordsOpen) this.hidden = false;
	}

	async lock(): Promise<void> {
		if (!this.#recordsOpen) return;
		await this.keepEverything();
		await this.#leave(() => api.lock());
	}

	/** F8: the list of who works here, ready for the next person's key. */
	async handOver(): Promise<void> {
		if (this.start?.kind !== 'open') return;
		await this.keepEverything();
		await this.#leave(() => api.handOver());
	}

	async #leave(action: () => Promise<unknown>): Promise<void> {
		try {
			await action();
		} catch (thrown) {
			this.problem = problemOf(thrown);
		}
		await this.refresh();
	}
}

export const session = new Session();
