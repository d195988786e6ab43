//! What a record means and how two versions of it merge. Pure: no I/O, no clock, no randomness.
