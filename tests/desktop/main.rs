//! The real window, driven as a person would drive it.

mod at_the_table;
mod by_keyboard;
mod every_screen;
mod folder_in_use;
mod half_a_sentence;
mod in_hall;
mod journey;
mod keys;
mod laptops;
mod power_cut;
mod smoke;
mod wrong_clock;
