// What the screens are told and what they ask, as crates/hub says it; generated, so that the two can't drift apart.
export type * from './bindings.ts';
