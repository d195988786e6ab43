// A first sync in words: what has arrived whole, and what can be seen and found already.

import type { Arriving } from '../api/types.ts';
import { m } from '../paraglide/messages.js';

const figure = (count: number): string => count.toLocaleString('en-GB');

export function arrivedWords({ come, of }: Arriving): string {
	return m.first_sync_arrived({ come: figure(come), of: figure(of) });
}

export function seenWords({ shown, of }: Arriving): string {
	return shown < of ? m.first_sync_some_seen({ shown: figure(shown) }) : m.first_sync_all_seen();
}
