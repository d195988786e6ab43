// PouchDB on disk, replicating with a CouchDB-compatible server over HTTP, nothing encrypted.
//
// Arguments: a file with a JSON document on each line (with `_id`), a folder to work in, how many documents change, and
// how often each figure is taken. Prints one JSON object: {bootstrapMs, reconnectMs, reconnectBytes}, each of them medians.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import PouchDB from 'pouchdb';

const [file, folder, changed, rounds] = process.argv.slice(2);
const documents = readFileSync(file, 'utf8')
	.split('\n')
	.filter(Boolean)
	.map((line) => JSON.parse(line));

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const at = (name) => {
	const place = join(folder, name) + '/';
	mkdirSync(place, { recursive: true });
	return place;
};

const server = fork(new URL('server.mjs', import.meta.url).pathname, [at('server')]);
const [{ port }] = await once(server, 'message');
const url = `http://127.0.0.1:${port}/council`;
const bytes = async () => {
	server.send('bytes');
	const [told] = await once(server, 'message');
	return told.bytes;
};

const council = new PouchDB(url);
for (let from = 0; from < documents.length; from += 500) {
	await council.bulkDocs(documents.slice(from, from + 500));
}

/** Takes everything that is new, and checks that it came. */
async function take(mine) {
	const began = performance.now();
	const told = await mine.replicate.from(url, { batch_size: 500 });
	const took = performance.now() - began;
	if (!told.ok || told.doc_write_failures) throw new Error(`the replication failed: ${JSON.stringify(told)}`);
	return { took, written: told.docs_written };
}

const bootstraps = [];
for (let round = 0; round < rounds; round += 1) {
	const mine = new PouchDB(at('laptop') + round);
	const { took, written } = await take(mine);
	if (written !== documents.length) throw new Error(`${written} of ${documents.length} documents came`);
	bootstraps.push(took);
	await mine.close();
}

const times = [];
const carried = [];
for (let round = 0; round < rounds; round += 1) {
	const some = documents.filter((one) => one.kind === 'person').slice(round * changed, (round + 1) * changed);
	for (const { _id } of some) {
		await council.put({ ...(await council.get(_id)), phone: `01632 96${String(round).padStart(4, '0')}` });
	}
	const mine = new PouchDB(at('laptop') + 0);
	const before = await bytes();
	const { took, written } = await take(mine);
	if (written !== some.length) throw new Error(`${written} of ${some.length} changes came`);
	times.push(took);
	carried.push((await bytes()) - before);
	await mine.close();
}

console.log(
	JSON.stringify({
		bootstrapMs: median(bootstraps),
		reconnectMs: median(times),
		reconnectBytes: median(carried)
	})
);
server.disconnect();
process.exit();
