import { expect, it } from 'vitest';
import { arrivedWords, seenWords } from './arriving.ts';

it('counts what has arrived, and says what can be done meanwhile', () => {
	const arriving = { shown: 1200, come: 0, of: 153_385 };
	expect(arrivedWords(arriving)).toBe('First sync: 0 of 153,385 records have arrived.');
	expect(seenWords(arriving)).toBe('1,200 can be seen and found so far. A record can be changed once it has arrived.');
	const later = { shown: 153_385, come: 9000, of: 153_385 };
	expect(arrivedWords(later)).toBe('First sync: 9,000 of 153,385 records have arrived.');
	expect(seenWords(later)).toBe('All can be seen and found already. A record can be changed once it has arrived.');
});
