/** Where a place in a text is after the text has become another: it stays with the words around it. */
export function moved(before: string, after: string, place: number): number {
	const most = Math.min(before.length, after.length);
	let head = 0;
	while (head < most && before[head] === after[head]) head += 1;
	if (place <= head) return place;
	let tail = 0;
	while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
	const end = before.length - tail;
	return place >= end ? place + after.length - before.length : Math.min(place, after.length - tail);
}
