// The catalogue is the only place for words: in order, used, and nothing said outside it.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname);
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((f) => !f.startsWith('lib/paraglide'));
const sources = files
	.filter((f) => /\.(svelte|ts)$/.test(f) && !f.endsWith('.test.ts'))
	.map((f) => ({ file: f, text: readFileSync(join(ROOT, f), 'utf8') }));
const catalogue = JSON.parse(readFileSync(join(ROOT, '../messages/en.json'), 'utf8')) as Record<string, unknown>;
const keys = Object.keys(catalogue).filter((key) => key !== '$schema');

it('keeps its keys in order, so that two people can add to it', () => {
	expect(keys).toEqual([...keys].sort());
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
	const said = sources
		.filter((s) => s.file.endsWith('.svelte'))
		.flatMap((s) => sayings(parse(s.text, { modern: true }).fragment, []).map((words) => `${s.file}: ${words}`));
	expect(said).toEqual([]);
});
