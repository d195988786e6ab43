//! The real window, driven as a person would drive it.

mod by_keyboard;
mod every_screen;
mod folder_in_use;
mod journey;
mod power_cut;
mod smoke;
mod wrong_clock;
