import { expect, it } from 'vitest';
import { problemSentence, type ProblemError } from './problem.ts';

type Problem = ProblemError['problem'];

it.each([
	[1, 'Wait 1 second,'],
	[59, 'Wait 59 seconds,'],
	[60, 'Wait 1 minute,'],
	[3600, 'Wait 60 minutes,']
])('says a wait of %s seconds in the unit that people use', (seconds, said) => {
	const problem: Problem = { code: 'tooManyPassphrases', field: null, number: seconds, reference: 'AB12' };
	expect(problemSentence(problem)).toContain(said);
});
