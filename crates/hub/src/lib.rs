//! The headless app: everything the Talking Point window can do, without a window.

pub mod action;
mod csv;
pub mod demo;
pub mod error;
mod export;
pub mod folder;
pub mod import_directory;
pub mod ports;
pub mod problem;
pub mod store;
pub mod view;
