//! The headless app: everything the Talking Point window can do, without a window.

pub mod action;
pub mod error;
pub mod folder;
pub mod ports;
pub mod problem;
pub mod store;
pub mod view;
