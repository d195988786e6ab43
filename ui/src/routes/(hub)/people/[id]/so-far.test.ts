import { describe, expect, it } from 'vitest';
import { soFar } from './so-far.ts';

const conversation = (id: string, beganAt: string, ownWords = '') => ({ id, beganAt, worker: 'Rhian', ownWords, finished: false });
const visit = (id: string, cameAt: string, reason = '') => ({ id, cameAt, hub: 'Green Lane', reason });
const entry = (id: string, requestedOn: string) => ({ id, kind: 'review', band: 'low', requestedOn, nextCallDue: null, open: true }) as const;

describe('what has happened so far', () => {
	it('is in one order, newest first', () => {
		const events = soFar({
			conversations: [conversation('c', '2026-11-02T10:05:00Z')],
			visits: [visit('v2', '2026-11-20T09:00:00Z'), visit('v1', '2026-11-02T09:30:00Z')],
			waiting: [entry('e', '2026-11-02'), entry('older', '2025-05-12')]
		});
		expect(events.map((event) => event.key)).toEqual(['visit v2', 'entry e', 'conversation c', 'visit v1', 'entry older']);
	});

	it('says the reason of a visit once, when a conversation began from it', () => {
		const events = soFar({
			conversations: [conversation('c', '2026-11-02T10:05:00Z', 'A rail')],
			visits: [visit('v', '2026-11-02T09:30:00Z', 'A rail'), visit('w', '2026-10-02T09:30:00Z', 'A rail')],
			waiting: []
		});
		expect(events.flatMap((event) => (event.kind === 'visit' ? [event.repeated] : []))).toEqual([true, false]);
	});
});
