// One polite voice for screen readers: short, said once, never a running commentary.

export const spoken = $state({ text: '' });

let later: ReturnType<typeof setTimeout> | undefined;

/** Says `text` politely. A repeat of the same words is said again, because the region is emptied in between. */
export function announce(text: string): void {
	clearTimeout(later);
	spoken.text = '';
	later = setTimeout(() => {
		spoken.text = text;
	}, 60);
}
