import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CheckIn, Waiting } from '#lib/api/index.ts';
import { spoken } from '#lib/state/announce.svelte.ts';
import CheckInForm from './CheckInForm.svelte';
import QueueRow from './QueueRow.svelte';

type Asked = [command: string, args: { checkIn?: CheckIn; draft?: CheckIn }];
let asked: Asked[];
let answers: Record<string, unknown>;

beforeEach(() => {
	vi.useFakeTimers();
	asked = [];
	answers = { check_in: { visit: 'v1', ticket: 'A9', friendly: { colour: 0, thing: 0 } }, door_draft: null };
	Object.assign(globalThis, {
		__TAURI_INTERNALS__: {
			invoke: async (...call: Asked) => {
				asked.push(call);
				const answer = answers[call[0]];
				if (answer instanceof Function) return answer();
				return answer ?? null;
			}
		}
	});
});
afterEach(() => {
	cleanup();
	vi.useRealTimers();
});

const checkIns = () => asked.filter(([command]) => command === 'check_in').map(([, args]) => args.checkIn);
const settle = () => vi.advanceTimersByTimeAsync(100);

async function form() {
	const checkedIn = vi.fn();
	render(CheckInForm, { nextTicket: 'A9', nextFriendly: { colour: 2, thing: 4 }, checkedIn });
	await settle();
	return {
		checkedIn,
		name: screen.getByTestId<HTMLInputElement>('checkin-name'),
		reason: screen.getByTestId<HTMLTextAreaElement>('checkin-reason')
	};
}

it('checks in with Enter from the name, says so politely, and is ready for the next person', async () => {
	const { name, checkedIn } = await form();
	expect(document.activeElement).toBe(name);
	await fireEvent.input(name, { target: { value: 'Mair' } });
	await fireEvent.keyDown(name, { key: 'Enter' });
	await settle();
	expect(checkIns()).toEqual([{ name: 'Mair', reason: '', needs: [], interpreter: null, beenBefore: null, companion: null }]);
	expect(name.value).toBe('');
	expect(document.activeElement).toBe(name);
	expect(spoken.text).toBe('Mair checked in, ticket A9.');
	expect(checkedIn).toHaveBeenCalledOnce();
});

it('finishes with Enter from the reason, and starts a new line with Shift and Enter', async () => {
	const { reason } = await form();
	await fireEvent.input(reason, { target: { value: 'A letter' } });
	expect(await fireEvent.keyDown(reason, { key: 'Enter', shiftKey: true })).toBe(true);
	expect(checkIns()).toEqual([]);
	await fireEvent.keyDown(reason, { key: 'Enter' });
	await settle();
	expect(checkIns()).toHaveLength(1);
});

it('finishes with Enter from a chip, and asks the language of an interpreter and the name of a carer', async () => {
	await form();
	const chip = (id: string) => screen.getByTestId(id).querySelector('input') as HTMLInputElement;
	await fireEvent.click(chip('checkin-need-interpreter'));
	await fireEvent.click(chip('checkin-need-withCarer'));
	await fireEvent.click(chip('checkin-been-before'));
	await fireEvent.input(screen.getByLabelText('Which language?'), { target: { value: 'Polish' } });
	await fireEvent.input(screen.getByLabelText("Who's with them?"), { target: { value: 'Jan' } });
	await fireEvent.keyDown(chip('checkin-need-interpreter'), { key: 'Enter' });
	await settle();
	expect(checkIns()).toEqual([
		{ name: '', reason: '', needs: ['interpreter', 'withCarer'], interpreter: 'Polish', beenBefore: true, companion: 'Jan' }
	]);
});

it('asks for a name, or that there is none, when nothing at all was said', async () => {
	const { name } = await form();
	await fireEvent.keyDown(name, { key: 'Enter' });
	await settle();
	expect(checkIns()).toEqual([]);
	expect(screen.getByText(/Enter a name, or choose No name/)).toBeTruthy();
	await fireEvent.click(screen.getByTestId('checkin-no-name').querySelector('input') as HTMLInputElement);
	expect(screen.getByTestId('checkin-next').textContent).toContain('A9, Green otter');
	await fireEvent.keyDown(name, { key: 'Enter' });
	await settle();
	expect(checkIns()).toHaveLength(1);
});

it('keeps what is half typed, and shows it again', async () => {
	answers.door_draft = { name: 'Mai', reason: 'Since Dad', needs: ['welsh'], interpreter: null, beenBefore: null, companion: null };
	const { name, reason } = await form();
	expect(name.value).toBe('Mai');
	expect(reason.value).toBe('Since Dad');
	await fireEvent.input(name, { target: { value: 'Mair' } });
	await vi.advanceTimersByTimeAsync(300);
	expect(asked.filter(([command]) => command === 'keep_door_draft').map(([, args]) => args.draft?.name)).toEqual(['Mair']);
});

it('leaves everything as typed when it could not be saved, and says what happened', async () => {
	answers.check_in = () => Promise.reject({ code: 'diskFull', field: null, number: null, reference: 'AB12' });
	const { name } = await form();
	await fireEvent.input(name, { target: { value: 'Mair' } });
	await fireEvent.keyDown(name, { key: 'Enter' });
	await settle();
	expect(name.value).toBe('Mair');
	expect(screen.getByTestId('checkin-problem').textContent).toContain('disk is full');
});

it('opens what a volunteer can do with someone who waits, and closes it with Escape', async () => {
	const visit: Waiting = {
		visit: 'v1', ticket: 'A3', name: 'Tadeusz', friendly: { colour: 0, thing: 0 }, reason: 'List', needs: ['interpreter'],
		interpreter: 'Polish', beenBefore: null, companion: null, cameAt: '2026-11-24T10:00:00Z', minutes: 34, length: 'long', outsideUntil: null
	};
	const did: string[] = [];
	const props = {
		visit, open: true, readOnly: false,
		onopen: (open: boolean) => did.push(open ? 'open' : 'closed'),
		left: () => did.push('left'), outside: () => did.push('outside'), back: () => did.push('back'), correct: async () => undefined
	};
	const { rerender } = render(QueueRow, props);
	expect(screen.getByTestId('queue-row-needs').textContent).toContain('Polish interpreter');
	await fireEvent.click(screen.getByRole('button', { name: "They've left: Tadeusz" }));
	await fireEvent.click(screen.getByTestId('queue-row-outside'));
	await rerender({ ...props, visit: { ...visit, outsideUntil: '2026-11-24T10:10:00Z' } });
	await fireEvent.click(screen.getByTestId('queue-row-back'));
	await fireEvent.keyDown(screen.getByTestId('queue-row-back'), { key: 'Escape' });
	await tick();
	expect(did).toEqual(['left', 'outside', 'back', 'closed']);
});
