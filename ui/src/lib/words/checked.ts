// How fresh a listing is, in words: "Checked 12 October 2026", and for a stale one that it may have changed.

import { m } from '../paraglide/messages.js';
import type { ListingRow } from '../api/types.ts';
import { longDate } from './time.ts';

export function checkedWords(row: Pick<ListingRow, 'checkedOn' | 'stale'>): string {
	if (row.checkedOn === null) return m.directory_never_checked();
	const day = longDate(row.checkedOn);
	return row.stale ? m.directory_stale({ day }) : m.directory_checked({ day });
}
