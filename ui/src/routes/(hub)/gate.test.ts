import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { session } from '#lib/state/session.svelte.ts';
import AskDate from './AskDate.svelte';
import Asking from './Asking.svelte';
import Hidden from './Hidden.svelte';
import SignIn from './SignIn.svelte';
import Unlock from './Unlock.svelte';
import Welcome from './Welcome.svelte';

vi.mock('$app/navigation', () => ({ goto: async () => undefined }));

let asked: [string, Record<string, unknown>][];
let refuse: unknown;
let answers: Record<string, unknown>;
const LOCKED = { kind: 'locked', data: { waitSeconds: 0, failedAttempts: 0 } } as const;

beforeEach(() => {
	asked = [];
	refuse = undefined;
	answers = {};
	Object.assign(globalThis, {
		__TAURI_INTERNALS__: {
			invoke: async (command: string, args: Record<string, unknown>) => {
				asked.push([command, args]);
				if (command === 'start_state') return LOCKED;
				if (refuse) throw refuse;
				return answers[command] ?? null;
			}
		}
	});
	session.start = LOCKED;
	session.everOpen = false;
	session.hidden = false;
});
afterEach(cleanup);

const settle = async () => {
	for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
};
const said = (command: string) => asked.filter(([one]) => one === command).map(([, args]) => args);

it('hands over with the number beside the name', async () => {
	render(SignIn, {
		who: {
			council: 'Cwm Coch', laptop: 'Green Lane 1', roles: ['volunteer', 'worker'],
			members: [{ id: 't1', name: 'Joan', role: 'volunteer' }, { id: 't2', name: 'Rhian', role: 'worker' }]
		}
	});
	await fireEvent.keyDown(window, { key: '2' });
	await settle();
	expect(said('sign_in')).toEqual([{ member: 't2' }]);
});

it('lets someone who is not on the list type their name', async () => {
	render(SignIn, { who: { council: 'Cwm Coch', laptop: 'Green Lane 1', roles: ['volunteer', 'worker'], members: [] } });
	await fireEvent.click(screen.getByTestId('sign-in-submit'));
	expect(screen.getByText(/Enter your name/)).toBeTruthy();
	await fireEvent.input(screen.getByTestId('sign-in-name'), { target: { value: ' Siân ' } });
	await fireEvent.click(screen.getByTestId('sign-in-role-worker'));
	await fireEvent.click(screen.getByTestId('sign-in-submit'));
	await settle();
	expect(said('sign_in_as')).toEqual([{ name: 'Siân', role: 'worker' }]);
});

it('asks for a date that the records speak against, and lets the clock be set', async () => {
	const ask = { clock: '2024-11-23T10:05:00Z', newest: '2026-11-20T09:00:00Z' };
	const { rerender } = render(AskDate, { ask });
	expect(screen.getByRole('heading', { name: 'Is it Saturday 23 November 2024?' })).toBeTruthy();
	expect(screen.getByText(/10:05am.*20 November 2026, which is later/)).toBeTruthy();
	await fireEvent.click(screen.getByTestId('ask-date-no'));
	expect(screen.getByText(/own settings/)).toBeTruthy();
	expect(said('believe_clock')).toEqual([]);
	await fireEvent.click(screen.getByTestId('ask-date-again'));
	await settle();
	expect(said('start_state')).toHaveLength(1);
	await rerender({ ask: { ...ask, clock: '2027-02-23T10:05:00Z' } });
	expect(screen.getByRole('heading', { name: 'Is it Tuesday 23 February 2027?' })).toBeTruthy();
	expect(screen.getByText(/more than two months before/)).toBeTruthy();
	await fireEvent.click(screen.getByTestId('ask-date-yes'));
	await settle();
	expect(said('believe_clock')).toHaveLength(1);
	expect(said('start_state')).toHaveLength(2);
});

it('says when the passphrase is wrong, forgets it, and counts down when one must wait', async () => {
	refuse = { code: 'wrongPassphrase', field: null, number: null, reference: 'AB12' };
	const { rerender } = render(Unlock, { tries: { waitSeconds: 0, failedAttempts: 0 } });
	const field = screen.getByTestId<HTMLInputElement>('unlock-passphrase');
	await fireEvent.input(field, { target: { value: 'four wrong words here' } });
	await fireEvent.click(screen.getByTestId('unlock-submit'));
	await settle();
	expect(said('open')).toHaveLength(1);
	expect(screen.getByText(/isn't the passphrase/)).toBeTruthy();
	expect(field.value).toBe('');
	await rerender({ tries: { waitSeconds: 30, failedAttempts: 5 } });
	expect(screen.getByTestId('unlock-wait').textContent).toContain('30 seconds');
	await fireEvent.click(screen.getByTestId('unlock-submit'));
	expect(said('open')).toHaveLength(1);
});

it('opens once, and unlocks from then on', async () => {
	session.everOpen = true;
	render(Unlock, { tries: { waitSeconds: 0, failedAttempts: 0 } });
	await fireEvent.input(screen.getByTestId('unlock-passphrase'), { target: { value: 'four right words here' } });
	await fireEvent.click(screen.getByTestId('unlock-submit'));
	await settle();
	expect(said('unlock')).toEqual([{ passphrase: 'four right words here' }]);
});

it('asks for both passphrases alike, and puts a bad join file at its field', async () => {
	render(Welcome);
	const type = (id: string, value: string) => fireEvent.input(screen.getByTestId(id), { target: { value } });
	await type('welcome-file', '/media/stick/green-lane.join');
	await type('welcome-laptop', 'Green Lane 2');
	await type('welcome-passphrase', 'kettle robin lantern otter');
	await type('welcome-again', 'kettle robin lantern');
	await fireEvent.click(screen.getByTestId('welcome-submit'));
	expect(said('join')).toEqual([]);
	expect(screen.getByRole('link', { name: /are different/ }).getAttribute('href')).toBe('#welcome-again');
	refuse = { code: 'notAJoinFile', field: null, number: null, reference: 'AB12' };
	await type('welcome-again', 'kettle robin lantern otter');
	await fireEvent.click(screen.getByTestId('welcome-submit'));
	await settle();
	expect(screen.getByRole('link', { name: /isn't a join file/ }).getAttribute('href')).toBe('#welcome-file');
});

it('asks to be taken in, and shows where a folder was wrong', async () => {
	render(Welcome);
	const type = (id: string, value: string) => fireEvent.input(screen.getByTestId(id), { target: { value } });
	await fireEvent.click(screen.getByTestId('welcome-how-ask').querySelector('input') as HTMLInputElement);
	await fireEvent.click(screen.getByTestId('welcome-submit'));
	expect(screen.getByRole('link', { name: /where to save/ }).getAttribute('href')).toBe('#welcome-folder');
	await type('welcome-folder', '/media/stick');
	await type('welcome-passphrase', 'kettle robin lantern otter');
	await type('welcome-again', 'kettle robin lantern otter');
	refuse = { code: 'fileFailed', field: null, number: null, reference: 'AB12' };
	await fireEvent.click(screen.getByTestId('welcome-submit'));
	await settle();
	expect(said('ask_to_join')).toEqual([{ folder: '/media/stick', passphrase: 'kettle robin lantern otter' }]);
	expect(screen.getByRole('link', { name: /couldn't be read or written/ }).getAttribute('href')).toBe('#welcome-folder');
});

it('brings a council back from its sheet, and says so when a letter was mistyped', async () => {
	render(Welcome);
	const type = (id: string, value: string) => fireEvent.input(screen.getByTestId(id), { target: { value } });
	await fireEvent.click(screen.getByTestId('welcome-how-bringBack').querySelector('input') as HTMLInputElement);
	for (const [field, value] of Object.entries({ words: 'AAAA BBBB', folder: '/f', laptop: 'Office', hub: 'Hall', passphrase: 'p', again: 'p' })) {
		await type(`welcome-${field}`, value);
	}
	refuse = { code: 'notTheSheet', field: null, number: null, reference: 'AB12' };
	await fireEvent.click(screen.getByTestId('welcome-submit'));
	await settle();
	expect(said('recover')).toEqual([{ words: 'AAAA BBBB', folder: '/f', laptop: 'Office', hub: 'Hall', passphrase: 'p' }]);
	expect(screen.getByRole('link', { name: /mistyped/ }).getAttribute('href')).toBe('#welcome-words');
});

it('starts a council once the recovery words were typed again from the paper', async () => {
	answers = { begin_founding: ['AAAA', 'BBBB', 'CCCC'] };
	render(Welcome);
	const type = (id: string, value: string) => fireEvent.input(screen.getByTestId(id), { target: { value } });
	await fireEvent.click(screen.getByTestId('welcome-how-found').querySelector('input') as HTMLInputElement);
	await fireEvent.click(screen.getByTestId('welcome-submit'));
	expect(screen.getByRole('link', { name: /the council's name/ }).getAttribute('href')).toBe('#welcome-council');
	for (const [field, value] of Object.entries({ council: 'Aberwen', hub: 'Green Lane', passphrase: 'p', again: 'p' })) {
		await type(`welcome-${field}`, value);
	}
	await fireEvent.click(screen.getByTestId('welcome-submit'));
	await settle();
	expect(said('begin_founding')).toEqual([{ council: 'Aberwen', hub: 'Green Lane', laptop: '', passphrase: 'p' }]);
	expect(screen.getByTestId('sheet-shown').textContent).toBe('AAAABBBBCCCC');
	await fireEvent.click(screen.getByTestId('sheet-written'));
	expect(screen.queryByTestId('sheet-shown')).toBeNull();
	await fireEvent.click(screen.getByTestId('sheet-submit'));
	expect(said('finish_founding')).toEqual([]);
	await type('sheet-words', 'AAAA BBBB CCCD');
	refuse = { code: 'notTheSheet', field: null, number: null, reference: 'AB12' };
	await fireEvent.click(screen.getByTestId('sheet-submit'));
	await settle();
	expect(said('finish_founding')).toEqual([{ words: 'AAAA BBBB CCCD' }]);
	expect(screen.getByRole('link', { name: /aren't the words/ }).getAttribute('href')).toBe('#sheet-words');
	await fireEvent.click(screen.getByTestId('sheet-again'));
	expect(screen.getByTestId('sheet-shown').textContent).toContain('BBBB');
	refuse = undefined;
	await fireEvent.click(screen.getByTestId('sheet-stop'));
	await settle();
	expect(said('stop_founding')).toHaveLength(1);
	expect(screen.getByTestId('welcome-submit')).toBeTruthy();
});

it('shows the code in groups, and takes the approval', async () => {
	const asked = { code: 'AAAA-BBBB-CCCC', until: '2026-11-24T10:00:00Z', old: false, saved: '/s/a.request', approval: '/s/a.approval' };
	const { rerender } = render(Asking, { asked });
	expect(screen.getByTestId('asking-code').textContent).toContain('BBBB');
	expect(screen.getByTestId('asking-saved').textContent).toBe('/s/a.request');
	refuse = { code: 'notAnApproval', field: null, number: null, reference: 'AB12' };
	await fireEvent.click(screen.getByTestId('asking-submit'));
	await settle();
	expect(said('finish_joining')).toEqual([{ approval: '/s/a.approval', laptop: '' }]);
	expect(screen.getByRole('link', { name: /isn't the approval/ }).getAttribute('href')).toBe('#asking-approval');
	await rerender({ asked: { ...asked, old: true } });
	expect(screen.queryByTestId('asking-code')).toBeNull();
	expect(screen.getByTestId('asking-old')).toBeTruthy();
});

it('never leads from the neutral page past the passphrase', async () => {
	session.hidden = true;
	session.start = { kind: 'signIn', data: { council: '', laptop: '', members: [], roles: [] } };
	render(Hidden);
	await fireEvent.keyDown(window, { key: 'a' });
	expect(session.hidden).toBe(true);
	session.start = LOCKED;
	await fireEvent.keyDown(window, { key: 'a' });
	expect(session.hidden).toBe(false);
});
