// Which listing is shown whole beside the list.

import type { ListingId, ListingRow } from '#lib/api/index.ts';

/** A listing somebody picked, and the search whose list they picked it under. */
export interface Picked {
	id: ListingId;
	under: string;
}

/** What was picked stands under its own search, and under others that find it too; otherwise the best match is shown. */
export function chosenOf(picked: Picked | undefined, under: string, rows: Pick<ListingRow, 'id'>[]): ListingId | undefined {
	if (picked && (picked.under === under || rows.some((row) => row.id === picked.id))) return picked.id;
	return rows[0]?.id;
}
