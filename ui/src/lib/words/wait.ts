// A wait in words: "34 min", "1 h 5 min".

import { m } from '../paraglide/messages.js';

export function waitWords(minutes: number): string {
	if (minutes < 60) return m.minutes_short({ count: minutes });
	const hours = Math.floor(minutes / 60);
	const left = minutes % 60;
	return left === 0 ? m.wait_hours({ hours }) : m.wait_hours_minutes({ hours, minutes: left });
}
