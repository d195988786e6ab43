// The council's laptops in words: how each stands, what it has yet to confirm, and what can be done about it.

import type { CalendarDate, OtherLaptop } from '../api/types.ts';
import { m } from '../paraglide/messages.js';
import { moment, todayHere } from './time.ts';

/** What it's called; a laptop that has never said so is called what it is. */
export const nameWords = (other: OtherLaptop): string => other.name || m.laptops_nameless();

/** "Works", "Left", "Taken out", or that it has yet to be heard from. */
export function standingWords(other: OtherLaptop): string {
	if (other.standing === 'takenOut') return m.laptops_taken_out();
	if (other.standing === 'retired') return m.laptops_left();
	return other.lastHeard === null ? m.laptops_expected() : m.laptops_works();
}

export function heardWords(other: OtherLaptop, today: CalendarDate = todayHere()): string {
	return other.lastHeard === null ? m.laptop_other_never() : moment(other.lastHeard, today);
}

/** What it has yet to confirm, a line each; of one that has gone, only what it may still hold. */
export function confirmLines(other: OtherLaptop): string[] {
	const erasures = other.erasuresUnconfirmed;
	if (other.standing !== 'live') return erasures > 0 ? [m.laptops_erasures_never({ count: erasures })] : [m.laptops_not_asked()];
	const lines = [
		...(other.unconfirmed > 0 ? [m.laptop_other_records({ count: other.unconfirmed })] : []),
		...(erasures > 0 ? [m.laptops_erasures({ count: erasures })] : [])
	];
	return lines.length > 0 ? lines : [m.laptop_other_all()];
}

/** That its clock is wrong, when it was by more than five minutes. */
export function clockWords(other: OtherLaptop): string | undefined {
	const error = other.clockErrorMinutes;
	if (error === null) return undefined;
	const minutes = Math.abs(error);
	const hours = Math.round(minutes / 60);
	const days = Math.round(hours / 24);
	if (minutes < 120) return (error < 0 ? m.laptops_clock_slow_minutes : m.laptops_clock_minutes)({ count: minutes });
	if (hours < 48) return (error < 0 ? m.laptops_clock_slow_hours : m.laptops_clock_hours)({ count: hours });
	return (error < 0 ? m.laptops_clock_slow_days : m.laptops_clock_days)({ count: days });
}

export type LaptopAct = 'role' | 'administrator' | 'keeper' | 'keeperNoMore' | 'takeOut';

/** What can be done about a laptop, the everyday first. */
export function actsOn(other: OtherLaptop): LaptopAct[] {
	if (other.standing !== 'live') return [];
	const keeper: LaptopAct = other.keeper ? 'keeperNoMore' : 'keeper';
	return other.administrator ? [keeper, 'takeOut'] : ['role', keeper, 'administrator', 'takeOut'];
}

export interface ActWords {
	title: string;
	/** When one would. */
	why: string;
	will: string[];
	wont: string[];
	button: string;
	said: string;
}

const acts: Record<LaptopAct, (name: string) => ActWords> = {
	role: (name) => ({
		title: m.laptops_role_title({ name }),
		why: m.laptops_role_why(),
		will: [m.laptops_role_will_gain(), m.laptops_role_will_lose()],
		wont: [m.laptops_role_wont()],
		button: m.laptops_role_button(),
		said: m.laptops_role_said({ name })
	}),
	administrator: (name) => ({
		title: m.laptops_admin_title({ name }),
		why: m.laptops_admin_why(),
		will: [m.laptops_admin_will_hold(), m.laptops_admin_will_do(), m.laptops_admin_will_stay()],
		wont: [m.laptops_admin_wont()],
		button: m.laptops_admin_button(),
		said: m.laptops_admin_said({ name })
	}),
	keeper: (name) => ({
		title: m.laptops_keeper_title({ name }),
		why: m.laptops_keeper_why(),
		will: [m.laptops_keeper_will()],
		wont: [m.laptops_keeper_wont()],
		button: m.laptops_keeper_button(),
		said: m.laptops_keeper_said({ name })
	}),
	keeperNoMore: (name) => ({
		title: m.laptops_keeper_no_title({ name }),
		why: m.laptops_keeper_no_why(),
		will: [m.laptops_keeper_no_will()],
		wont: [m.laptops_keeper_no_wont()],
		button: m.laptops_keeper_no_button(),
		said: m.laptops_keeper_no_said({ name })
	}),
	takeOut: (name) => ({
		title: m.laptops_out_title({ name }),
		why: m.laptops_out_why(),
		will: [m.laptops_out_will_open(), m.laptops_out_will_refuse(), m.laptops_out_will_keys(), m.laptops_out_will_back()],
		wont: [m.laptops_out_wont_wipe()],
		button: m.laptops_out_button(),
		said: m.laptops_out_said({ name })
	})
};
export const actWords = (act: LaptopAct, name: string): ActWords => acts[act](name);

/** Letting this laptop itself leave. */
export const leaveWords = (): ActWords => ({
	title: m.laptops_leave_title(),
	why: m.laptops_leave_why(),
	will: [m.laptops_leave_will_first(), m.laptops_leave_will_then(), m.laptops_leave_will_back()],
	wont: [m.laptops_leave_wont_wipe()],
	button: m.laptops_leave_button(),
	said: m.laptops_leave_said()
});

/** A second administrator's word for the recovery sheet that one laptop proposes. */
export const agreeWords = (name: string): ActWords => ({
	title: m.laptops_agree_title(),
	why: m.laptops_sheet_by({ name }),
	will: [m.laptops_agree_will_new({ name }), m.laptops_agree_will_old(), m.laptops_agree_will_keys()],
	wont: [m.laptops_agree_wont()],
	button: m.laptops_agree_button(),
	said: m.laptops_agree_said()
});

/** New keys for everything that the council has. */
export const renewWords = (): ActWords => ({
	title: m.laptops_renew_title(),
	why: m.laptops_renew_why(),
	will: [m.laptops_renew_will_keys(), m.laptops_renew_will_new()],
	wont: [m.laptops_renew_wont_old(), m.laptops_renew_wont_work()],
	button: m.laptops_renew_button(),
	said: m.laptops_renew_said()
});
