//! The real program in a real window on a display of its own, driven through WebDriver.
//!
//! Each [`Laptop`] is one run of the program on one data folder, with a driver on ports of its own, so that three of
//! them can stand side by side with a folder between them. Waiting is always for something that can be seen, with a
//! deadline; nothing here waits for time to pass. Nothing found on a screen is held, because the screen may be drawn
//! again before it is used: a test says which [`Part`] it means, and each look finds it anew. Nothing of the program is
//! replaced by something made for testing.

mod accessible;
mod council;
mod display;
mod hand;
mod laptop;
mod part;
mod processes;
mod programs;
mod screen;
mod sight;
mod wait;

pub use council::Council;
pub use display::Display;
pub use laptop::{Laptop, Setting};
pub use part::Part;
pub use programs::{demo_council, hubctl, screenshots};
pub use thirtyfour::Key;
pub use wait::{DEADLINE, eventually};
