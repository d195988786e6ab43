// Undo instead of "are you sure?": what was just done, and the way back, for a while.

export interface Undoable {
	said: string;
	takeBack: () => Promise<void>;
}

const STANDS_FOR_MS = 12_000;

export const undo = $state<{ offer: Undoable | null }>({ offer: null });

let later: ReturnType<typeof setTimeout> | undefined;

export function offerUndo(said: string, takeBack: () => Promise<void>): void {
	clearTimeout(later);
	undo.offer = { said, takeBack };
	later = setTimeout(dismissUndo, STANDS_FOR_MS);
}

export function dismissUndo(): void {
	clearTimeout(later);
	undo.offer = null;
}
