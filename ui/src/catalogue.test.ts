// The catalogue is the only place for words: in order, used, and nothing said outside it.

import { parse } from 'svelte/compiler';
import { expect, it } from 'vitest';
import catalogue from '../messages/en.json';

const screens = import.meta.glob<string>('./**/*.svelte', { query: '?raw', import: 'default', eager: true });
const rooms = import.meta.glob<string>(['./**/*.ts', '!./**/*.test.ts', '!./lib/paraglide/**'], { query: '?raw', import: 'default', eager: true });
const keys = Object.keys(catalogue).filter((key) => key !== '$schema');

it('keeps its keys in order, so that two people can add to it', () => {
	expect(keys).toEqual([...keys].sort());
});

it('has no key that nothing says', () => {
	const all = [...Object.values(screens), ...Object.values(rooms)].join('\n');
	expect(keys.filter((key) => !new RegExp(`\\bm\\.${key}\\b`).test(all))).toEqual([]);
});

const SAID_ATTRIBUTES = ['aria-label', 'title', 'placeholder', 'alt', 'label'];
const hasWords = (text: string) => /\p{L}{2,}/u.test(text);

function sayings(node: unknown, into: string[]): string[] {
	if (Array.isArray(node)) for (const one of node) sayings(one, into);
	else if (typeof node === 'object' && node !== null) {
		const { type, name, data, value } = node as Record<string, unknown>;
		if (type === 'Text' && typeof data === 'string' && hasWords(data)) into.push(data.trim());
		if (type === 'Attribute') {
			if (SAID_ATTRIBUTES.includes(String(name))) sayings(value, into);
			return into;
		}
		for (const [key, child] of Object.entries(node)) if (key !== 'css' && key !== 'instance' && key !== 'module') sayings(child, into);
	}
	return into;
}

it('is where every word on a screen comes from', () => {
	const said = Object.entries(screens).flatMap(([file, text]) =>
		sayings(parse(text, { modern: true }).fragment, []).map((words) => `${file}: ${words}`)
	);
	expect(said).toEqual([]);
});
