// Five minutes without a key or a touch, and the laptop locks.

export const IDLE_MS = 5 * 60_000;
const SIGNS_OF_LIFE = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

/** Watches for signs of life; answers how to stop. A sleep longer than the limit counts when the lid opens. */
export function watchIdle(onIdle: () => void, limit: number = IDLE_MS, now: () => number = () => Date.now()): () => void {
	let last = now();
	let timer: ReturnType<typeof setTimeout>;
	const look = () => {
		const left = last + limit - now();
		if (left <= 0) {
			last = now();
			onIdle();
		}
		timer = setTimeout(look, Math.max(left, 1_000));
	};
	const alive = () => {
		if (now() - last >= limit) onIdle();
		last = now();
	};
	for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, alive, { passive: true, capture: true });
	timer = setTimeout(look, limit);
	return () => {
		clearTimeout(timer);
		for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, alive, { capture: true });
	};
}
