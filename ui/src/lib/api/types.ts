// What the screens are told and what they ask, as crates/hub says it; generated, so that the two can't drift apart.
export type * from './bindings.ts';

/** A moment: UTC, RFC 3339 with `Z`. */
export type Instant = string;
/** A day: `YYYY-MM-DD`, never converted. */
export type CalendarDate = string;
