// Undo instead of "are you sure?": what was just done, and the way back, for a while.

export interface Undoable {
	said: string;
	takeBack: () => Promise<void>;
}

const STANDS_FOR_MS = 20_000;

export const undo = $state<{ offer: Undoable | null }>({ offer: null });

let later: ReturnType<typeof setTimeout> | undefined;

export function offerUndo(said: string, takeBack: () => Promise<void>): void {
	clearTimeout(later);
	undo.offer = { said, takeBack };
	later = setTimeout(dismissUndo, STANDS_FOR_MS);
}

/** While someone is at the way back, it stays; when they leave it, its time begins again. */
export function holdUndo(held: boolean): void {
	clearTimeout(later);
	if (undo.offer && !held) later = setTimeout(dismissUndo, STANDS_FOR_MS);
}

export function dismissUndo(): void {
	clearTimeout(later);
	undo.offer = null;
}
