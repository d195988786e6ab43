// What a screen adds to the bottom line: that it saves as you type, figures it rests on, a link.

export const bottomLine = $state<{ typing: boolean; extra: string | null; link: { href: string; words: string } | null }>({
	typing: false,
	extra: null,
	link: null
});

/** Call while a screen is made; what it says goes when the screen goes. */
export function sayAtBottom(say: Partial<typeof bottomLine>): void {
	$effect(() => {
		Object.assign(bottomLine, say);
		return () => Object.assign(bottomLine, { typing: false, extra: null, link: null });
	});
}
