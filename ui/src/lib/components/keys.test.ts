import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { IDLE_MS, watchIdle } from '../state/idle.ts';
import { dismissUndo, offerUndo } from '../state/undo.svelte.ts';
import Tabs from './Tabs.svelte';
import UndoToast from './UndoToast.svelte';

afterEach(() => {
	cleanup();
	dismissUndo();
	vi.useRealTimers();
});

it('moves through tabs with arrows, Home and End, and has one stop in the tab order', async () => {
	const tabs = ['live', 'agree', 'going'].map((id) => ({ id, words: id }));
	render(Tabs, { label: 'Stages', tabs, chosen: 'live', panel: 'stage' });
	const chosen = () => screen.getByRole('tab', { selected: true }).textContent;
	const press = (key: string) => fireEvent.keyDown(screen.getByRole('tab', { selected: true }), { key });
	for (const [key, then] of [['ArrowRight', 'agree'], ['End', 'going'], ['ArrowRight', 'live'], ['ArrowLeft', 'going'], ['Home', 'live']] as const) {
		await press(key);
		expect(chosen()).toBe(then);
		expect(document.activeElement?.textContent).toBe(then);
	}
	expect(screen.getAllByRole('tab').map((tab) => tab.tabIndex)).toEqual([0, -1, -1]);
});

it('takes back with Ctrl and Z, but not while someone types', async () => {
	const takeBack = vi.fn(async () => undefined);
	render(UndoToast);
	const field = document.body.appendChild(document.createElement('input'));
	offerUndo('Mair has left.', takeBack);
	await tick();
	await fireEvent.keyDown(field, { key: 'z', ctrlKey: true });
	expect(takeBack).not.toHaveBeenCalled();
	await fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true });
	expect(takeBack).toHaveBeenCalledOnce();
	expect(screen.queryByTestId('undo-toast')).toBeNull();
	field.remove();
});

it('locks after five minutes without a key or a touch, and after a sleep', () => {
	vi.useFakeTimers();
	const lock = vi.fn();
	const stop = watchIdle(lock);
	vi.advanceTimersByTime(IDLE_MS - 1);
	window.dispatchEvent(new Event('keydown'));
	vi.advanceTimersByTime(IDLE_MS - 1);
	expect(lock).not.toHaveBeenCalled();
	vi.advanceTimersByTime(1);
	expect(lock).toHaveBeenCalledOnce();
	vi.setSystemTime(Date.now() + 2 * IDLE_MS);
	window.dispatchEvent(new Event('pointerdown'));
	expect(lock).toHaveBeenCalledTimes(2);
	stop();
});
