//! Sharing: drives `sealed-log`, which decides, and `carriers`, which travel, over the store.
//!
//! One exchange: read the roster, then what others stated, then the tips; fetch what is new and take it, one
//! transaction a batch; see whether this database must start a new incarnation; seal what waits; put what the carrier
//! lacks; state what is held. Anything may fail between any two steps: what is kept is whole, and the next exchange
//! goes on. No SQL, no meaning of a document, and no rule about who may do what may enter here.

mod carried;
mod closed;
mod erasing;
mod exchange;
mod hall;
mod here;
mod identity;
mod knocking;
mod look_through;
mod own;
mod publish;
mod receive;
mod roster;
mod snapshot;
mod status;
mod take;

use carriers::{BucketTrouble, CarrierError, RelayTrouble};

pub(crate) use erasing::erase_here;
pub(crate) use exchange::{
    Done, Laptop, Last, Sharing, exchange, exchange_with_bucket, exchange_with_peer, exchange_with_relay, reach, seal,
    write_snapshots, write_snapshots_at_relay,
};
pub(crate) use hall::{give, introduce, look, turn};
pub(crate) use here::Here;
pub(crate) use identity::begin_run;
pub(crate) use knocking::{answer, answered, knock, knocks};
pub(crate) use roster::Card;
pub use snapshot::Written;
pub(crate) use snapshot::arriving;
pub(crate) use status::{broken_streams, others, own, refused, standings};

use crate::error::HubError;

impl From<CarrierError> for HubError {
    fn from(error: CarrierError) -> Self {
        match error {
            CarrierError::Missing => Self::SyncFolderMissing,
            CarrierError::ReadOnly => Self::SyncFolderReadOnly,
            CarrierError::Full => Self::SyncFolderFull,
            CarrierError::Unreadable | CarrierError::NotKept | CarrierError::Failed(_) => Self::SyncFolderFailed,
            CarrierError::Relay(trouble) => trouble.into(),
            CarrierError::Bucket(trouble) => trouble.into(),
        }
    }
}

impl From<RelayTrouble> for HubError {
    fn from(trouble: RelayTrouble) -> Self {
        match trouble {
            RelayTrouble::Address => Self::RelayAddress,
            RelayTrouble::Unreachable => Self::RelayUnreachable,
            RelayTrouble::Silent | RelayTrouble::Busy => Self::RelaySilent,
            RelayTrouble::CertificateExpired => Self::RelayCertificateExpired,
            RelayTrouble::Certificate => Self::RelayCertificate,
            RelayTrouble::NotOneOfThem => Self::RelayNotOneOfThem,
            RelayTrouble::TakenOut => Self::RelayTakenOut,
            RelayTrouble::OtherCouncil => Self::RelayOtherCouncil,
            RelayTrouble::WrongName => Self::RelayWrongName,
            RelayTrouble::Quota => Self::RelayFull,
            RelayTrouble::Version => Self::RelayVersion,
            RelayTrouble::Refused(_) => Self::RelayRefused,
            RelayTrouble::Moved | RelayTrouble::Nonsense => Self::RelayNonsense,
            RelayTrouble::Broken => Self::RelayBroken,
        }
    }
}

impl From<BucketTrouble> for HubError {
    fn from(trouble: BucketTrouble) -> Self {
        match trouble {
            BucketTrouble::Address => Self::BucketAddress,
            BucketTrouble::NoCredential => Self::BucketNoCredential,
            BucketTrouble::Expired => Self::BucketExpired,
            BucketTrouble::Clock => Self::BucketClock,
            BucketTrouble::Refused => Self::BucketRefused,
            BucketTrouble::Missing => Self::BucketMissing,
            BucketTrouble::Unreachable => Self::BucketUnreachable,
            BucketTrouble::Silent | BucketTrouble::Busy => Self::BucketSilent,
            BucketTrouble::Certificate => Self::BucketCertificate,
            BucketTrouble::Full => Self::BucketFull,
            BucketTrouble::Nonsense => Self::BucketNonsense,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trouble_with_a_folder_has_its_sentence() {
        for (carrier, told, says) in [
            (CarrierError::Missing, HubError::SyncFolderMissing, "not there"),
            (CarrierError::ReadOnly, HubError::SyncFolderReadOnly, "only be read"),
            (CarrierError::Full, HubError::SyncFolderFull, "full"),
            (CarrierError::NotKept, HubError::SyncFolderFailed, "Nothing is lost"),
        ] {
            assert_eq!(HubError::from(carrier), told);
            assert!(told.to_string().contains(says), "{told}");
        }
    }

    #[test]
    fn each_trouble_with_a_bucket_has_its_sentence() {
        for (trouble, says) in [
            (BucketTrouble::Address, "az://"),
            (BucketTrouble::NoCredential, "no credential"),
            (BucketTrouble::Expired, "run out"),
            (BucketTrouble::Clock, "clocks differ"),
            (BucketTrouble::Refused, "does not allow"),
            (BucketTrouble::Missing, "no such bucket"),
            (BucketTrouble::Unreachable, "network"),
            (BucketTrouble::Silent, "does not answer"),
            (BucketTrouble::Busy, "does not answer"),
            (BucketTrouble::Certificate, "certificate"),
            (BucketTrouble::Full, "full"),
            (BucketTrouble::Nonsense, "not a bucket"),
        ] {
            let told = HubError::from(CarrierError::from(trouble)).to_string();
            assert!(told.contains(says) && told.ends_with('.'), "{told}");
        }
    }

    #[test]
    fn each_trouble_with_a_relay_has_its_sentence() {
        for (trouble, says) in [
            (RelayTrouble::Address, "https://"),
            (RelayTrouble::Unreachable, "network"),
            (RelayTrouble::Silent, "does not answer"),
            (RelayTrouble::Busy, "does not answer"),
            (RelayTrouble::CertificateExpired, "run out"),
            (RelayTrouble::Certificate, "not one that this laptop trusts"),
            (RelayTrouble::NotOneOfThem, "one of the council's laptops"),
            (RelayTrouble::TakenOut, "taken out"),
            (RelayTrouble::OtherCouncil, "for another council"),
            (RelayTrouble::WrongName, "another name"),
            (RelayTrouble::Quota, "full"),
            (RelayTrouble::Version, "version"),
            (RelayTrouble::Refused("gap".to_owned()), "did not take"),
            (RelayTrouble::Moved, "not a relay"),
            (RelayTrouble::Nonsense, "not a relay"),
            (RelayTrouble::Broken, "out of order"),
        ] {
            let told = HubError::from(CarrierError::from(trouble)).to_string();
            assert!(told.contains(says), "{told}");
            assert!(told.contains("IT") || told.contains("try again"), "{told}");
        }
    }
}
