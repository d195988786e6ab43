//! The headless app: everything the Talking Point window can do, without a window.

pub mod action;
mod csv;
mod day;
pub mod demo;
pub mod error;
mod export;
pub mod folder;
mod hub;
pub mod import_directory;
pub mod policy;
pub mod ports;
pub mod problem;
mod session;
pub mod store;
mod sync;
mod ticket;
pub mod view;

pub use carriers::{BucketAddress, BucketCredential, Traffic};
pub use error::HubError;
pub use folder::Passphrase;
pub use hub::{
    Answer, Asking, Erased, Exported, Found, Founding, Hub, Imported, Join, JoinFileBytes, NewSheet, Place,
    ProposedSheet, Recover, RecoveryWords, RelayAddress, start,
};
pub use ports::Ports;
pub use store::Verified;
pub use sync::Written;
