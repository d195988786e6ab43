// Saved as you type: a draft every 300 ms while someone types, the real thing when they pause for two seconds, leave
// the field, lock or go. What is asked of the hub is asked in order, so that nothing old overtakes something new.

export const KEEP_AFTER_MS = 300;
export const WRITE_AFTER_MS = 2_000;

interface Ways<T> {
	/** Keeps a draft; durable, and not yet a change to the record. */
	keep: (value: T) => Promise<unknown>;
	/** Writes it into the record. Without it there are only drafts. */
	write?: (value: T) => Promise<unknown>;
	/** Told what stopped a try, and `undefined` when one succeeds again. */
	trouble?: (thrown: unknown) => void;
}

export class Draft<T> {
	#ways: Ways<T>;
	#value: { typed: T } | undefined;
	#unkept = false;
	#unwritten = false;
	#keepTimer: ReturnType<typeof setTimeout> | undefined;
	#writeTimer: ReturnType<typeof setTimeout> | undefined;
	#chain: Promise<void> = Promise.resolve();

	constructor(ways: Ways<T>) {
		this.#ways = ways;
	}

	/** True while something typed has not reached the record yet. */
	get pending(): boolean {
		return this.#unkept || this.#unwritten;
	}

	typed(value: T): void {
		this.#value = { typed: value };
		this.#unkept = true;
		this.#keepTimer ??= setTimeout(() => {
			this.#keepTimer = undefined;
			void this.#keep();
		}, KEEP_AFTER_MS);
		if (!this.#ways.write) return;
		this.#unwritten = true;
		clearTimeout(this.#writeTimer);
		this.#writeTimer = setTimeout(() => void this.flush(), WRITE_AFTER_MS);
	}

	/** Writes (or, with drafts only, keeps) what is still in the air, now. */
	async flush(): Promise<void> {
		this.#stopTimers();
		const { write } = this.#ways;
		if (!write) return this.#keep();
		if (!this.#unwritten) return this.#chain;
		return this.#ask(write, () => {
			this.#unwritten = this.#unkept = false;
		}, () => {
			this.#unwritten = true;
		});
	}

	/** Forgets what is in the air, because it has gone another way. */
	async drop(): Promise<void> {
		this.#stopTimers();
		this.#unkept = this.#unwritten = false;
		return this.#chain;
	}

	#keep(): Promise<void> {
		if (!this.#unkept) return this.#chain;
		return this.#ask(this.#ways.keep, () => {
			this.#unkept = false;
		}, () => {
			this.#unkept = true;
		});
	}

	#ask(way: (value: T) => Promise<unknown>, begun: () => void, failed: () => void): Promise<void> {
		const value = this.#value;
		if (!value) return this.#chain;
		begun();
		this.#chain = this.#chain.then(async () => {
			try {
				await way(value.typed);
				this.#ways.trouble?.(undefined);
			} catch (thrown) {
				failed();
				this.#ways.trouble?.(thrown);
			}
		});
		return this.#chain;
	}

	#stopTimers(): void {
		clearTimeout(this.#keepTimer);
		clearTimeout(this.#writeTimer);
		this.#keepTimer = this.#writeTimer = undefined;
	}
}
