// The window, as the screens see it. Each call answers, or throws a ProblemError that carries the problem's code; no
// screen ever sees an error's technical text.

import { commands, events } from './bindings.ts';
import { ProblemError, isProblem, unexpected } from './problem.ts';

export type * from './types.ts';
export { ProblemError, problemOf, problemSentence } from './problem.ts';

type Result<Answer> = { status: 'ok'; data: Answer } | { status: 'error'; error: unknown };
type Told<Call> = Call extends (...args: infer Args) => Promise<infer Outcome>
	? (...args: Args) => Promise<Extract<Outcome, { status: 'ok' }> extends { data: infer Answer } ? Answer : never>
	: never;
type Api = { [Name in keyof typeof commands]: Told<(typeof commands)[Name]> };

function orThrow(call: (...args: never[]) => Promise<Result<unknown>>) {
	return async (...args: never[]): Promise<unknown> => {
		let result: Result<unknown>;
		try {
			result = await call(...args);
		} catch {
			throw new ProblemError(unexpected());
		}
		if (result.status === 'ok') return result.data;
		throw new ProblemError(isProblem(result.error) ? result.error : unexpected());
	};
}

/** Everything the window can do and tell, named as the hub names it. */
export const api = Object.fromEntries(Object.entries(commands).map(([name, call]) => [name, orThrow(call)])) as Api;

type Heard = (typeof events)[keyof typeof events];

function heard(event: Heard, then: () => void): () => void {
	let stopped = false;
	let stop: (() => void) | undefined;
	void event.listen(then).then(
		(unlisten) => {
			if (stopped) unlisten();
			else stop = unlisten;
		},
		() => undefined
	);
	return () => {
		stopped = true;
		stop?.();
	};
}

/** Calls `then` after anything was saved here or arrived from elsewhere; answers how to stop. */
export const onRecordsChanged = (then: () => void): (() => void) => heard(events.recordsChanged, then);

/** Calls `then` when the lid closes or the desktop locks; answers how to stop. */
export const onLockNow = (then: () => void): (() => void) => heard(events.lockNow, then);
