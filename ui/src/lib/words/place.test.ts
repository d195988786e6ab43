import { expect, it } from 'vitest';
import { moved } from './place.ts';

const at = (text: string): [string, number] => [text.replace('|', ''), text.indexOf('|')];

it.each([
	['Likes| tea.', 'Likes| tea. Walks.'],
	['Likes tea.|', 'Walks. Likes tea.|'],
	['Likes tea|.', 'Likes green tea|.'],
	['|', '|Likes tea'],
	['Likes tea|', '|'],
	['Likes |strong tea.', 'Likes |tea.'],
	['one two| four', 'one |four']
])('%s → %s', (before, after) => {
	const [text, place] = at(before);
	const [then, there] = at(after);
	expect(moved(text, then, place)).toBe(there);
});
