//! The headless app: everything the Talking Point window can do, without a window.

pub mod action;
pub mod problem;
pub mod view;
