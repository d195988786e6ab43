// "A", "A and B", "A, B and C".
const and = new Intl.ListFormat('en-GB', { type: 'conjunction' });

export function inList(items: string[]): string {
	return and.format(items);
}
