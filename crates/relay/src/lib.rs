//! The relay: carries sealed records between the laptops of councils, and can read none of them.
//!
//! It is started with each council's root public key, folds the same roster as the laptops, and lets each laptop read
//! and write within its grants. It sees opaque ids of scopes, logs and documents, sizes and times. No key of a record,
//! no meaning of a document, and nothing of the program on the laptops may enter here: of ours it imports `sealed-log`
//! alone.

pub mod http;
pub mod limit;
pub mod metrics;
pub mod pass;
pub mod ports;
pub mod store;

mod council;
mod erase;
mod refusal;
mod relay;
mod serve;
mod take;

pub use refusal::Refused;
pub use relay::{Guest, Relay, Settings};
pub use serve::{Doors, Serving, serve};
