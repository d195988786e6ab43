// Tells the program once that the first screen is drawn, for those who measure how long that takes.

import { api } from '../api/index.ts';

let told = false;

/** Waits for a heading on the screen inside the frame, and for two frames after it; says so the first time only. */
export function tellWhenDrawn(): void {
	if (told) return;
	told = true;
	const look = (): void => {
		if (!document.querySelector('main h1')) requestAnimationFrame(look);
		else requestAnimationFrame(() => requestAnimationFrame(() => void api.drawn().catch(() => undefined)));
	};
	look();
}
