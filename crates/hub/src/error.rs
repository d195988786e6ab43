//! What can go wrong in the hub, as one plain sentence each, and as the [`Problem`] that the screen is told.
//!
//! No personal detail may enter: no name, nothing typed, no path below the data folder. A place in the program is named
//! by a `&'static str`, from which the reference is made.

use thiserror::Error;

use crate::problem::{Problem, ProblemCode};

/// Anything that stops the hub from doing what it was asked. Its `Display` says what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "each variant's sentence says what it is")]
#[non_exhaustive]
pub enum HubError {
    #[error("That passphrase does not open these records. Check capital letters and try again.")]
    WrongPassphrase,
    #[error("Too many wrong passphrases were tried. Wait {} and try again; nothing has been lost.", wait(*.seconds))]
    TooManyPassphrases { seconds: u32 },
    #[error("That passphrase is too short. Use at least {least} characters; three or four words are good.")]
    PassphraseTooShort { least: u32 },
    #[error("Another Talking Point program has these records open. Close it, or use the window that is open already.")]
    FolderInUse,
    #[error(
        "There are no records in this folder yet. Join a council with a join file first, or check that this is the right folder."
    )]
    NoRecords,
    #[error("This folder holds records already. Choose an empty folder, or open the records that are here.")]
    AlreadyRecords,
    #[error(
        "These records were made by a newer version of Talking Point. Install the newer version to open them; nothing was changed."
    )]
    MadeByNewer,
    #[error(
        "The records on this laptop are damaged and were left exactly as they are. Do not delete them: ask support, and join again in an empty folder, with a new join file, in the meantime."
    )]
    Damaged,
    #[error(
        "The disk is full, so this was not saved. Make some room on the disk and try again; everything saved before is safe."
    )]
    DiskFull,
    #[error(
        "The disk or folder with the records can only be read, so nothing can be saved. Ask IT to allow writing to it."
    )]
    ReadOnly,
    #[error("What was given as the data folder is a file, not a folder. Choose a folder; the file was left as it is.")]
    NotAFolder,
    #[error("Nobody is signed in, or the laptop is locked. Sign in and try again.")]
    NotSignedIn,
    #[error("Your role, or this laptop, is not allowed to do or see this. Ask a manager if you need it.")]
    NotAllowed,
    #[error(
        "This laptop has been taken out of the council, so it shares nothing and shows nothing. Hand it to whoever looks after the laptops; nothing on it was deleted."
    )]
    TakenOut,
    #[error(
        "This is the last administrator's laptop, so it cannot leave. Make another laptop an administrator's first, and let both share."
    )]
    LastAdministrator,
    #[error(
        "You are sitting at that laptop. Take it out from another administrator's laptop, or let it leave instead."
    )]
    OwnLaptop,
    #[error(
        "Some of what was saved on this laptop is on no other yet. Share with another laptop first, then try again."
    )]
    NotYetHeld,
    #[error("It is not on this laptop, or not any more. Share with the other laptops and look again.")]
    NotFound,
    #[error(
        "This record is still on its way to this laptop, so it can be read and not changed yet. Try again when the first sync has finished."
    )]
    StillArriving,
    #[error("What was typed for \"{field}\" is too long: {most} characters is the most. Shorten it and try again.")]
    TooLong { field: &'static str, most: u32 },
    #[error("Nothing was typed for \"{field}\", where something is needed. Fill it in and try again.")]
    Empty { field: &'static str },
    #[error("That is not a date. Give a day, a month and a year, such as 27 3 1948.")]
    NotADate { field: &'static str },
    #[error("That date is after today. Check the year.")]
    DateInFuture { field: &'static str },
    #[error("That date is too long ago. Check the year.")]
    DateTooLongAgo { field: &'static str },
    #[error("That is not a postcode. Check it, or leave it empty.")]
    NotAPostcode { field: &'static str },
    #[error("That is not a telephone number. Check it, or leave it empty.")]
    NotAPhone { field: &'static str },
    #[error("Someone else is already seeing this person, or they have gone. Look at the queue again.")]
    AlreadyTaken,
    #[error("That listing is not running any more, so nobody can be pointed to it. Choose another.")]
    ListingNotActive,
    #[error(
        "This laptop's network cannot be used to meet others in the hall. Share through a folder or a stick, or ask IT."
    )]
    NoHall,
    #[error("No folder to share through is set. Choose one on the page about this laptop.")]
    NoSyncFolder,
    #[error(
        "The folder to share through is not there. Plug the stick in, or connect to the shared drive, and try again."
    )]
    SyncFolderMissing,
    #[error("The folder to share through can only be read. Ask IT to allow writing to it, or choose another.")]
    SyncFolderReadOnly,
    #[error(
        "The stick or drive to share through is full. Make room on it, or choose another; what was not shared is safe on this laptop."
    )]
    SyncFolderFull,
    #[error(
        "The folder to share through is the one with this laptop's own records. Choose another: on a stick, or a shared drive."
    )]
    SyncFolderOwn,
    #[error(
        "Reading or writing the folder to share through failed. Nothing is lost: try again, or choose another folder."
    )]
    SyncFolderFailed,
    #[error("That is not a request to join, or it is not whole. Save it again on the new laptop and bring it here.")]
    NotARequest,
    #[error("That is not the approval for this laptop, or it is not whole. Ask the administrator to save it again.")]
    NotAnApproval,
    #[error("The code does not agree with the request. Look at the code on the new laptop and type it again.")]
    WrongCode,
    #[error(
        "The request is more than a day old, or one of the two clocks is wrong. Check both clocks, and ask again on the new laptop."
    )]
    RequestOld,
    #[error("This laptop has been taken in already. If its approval was lost, take it out and ask again on it.")]
    AlreadyTakenIn,
    #[error(
        "Those are not the recovery words, or a letter was mistyped. Type all fourteen groups again from the sheet."
    )]
    NotTheSheet,
    #[error("That recovery sheet was replaced by a newer one, and opens nothing any more. Use the newer sheet.")]
    SheetReplaced,
    #[error(
        "A new recovery sheet needs the word of two administrators. Make a second laptop an administrator's first."
    )]
    NeedsTwoAdministrators,
    #[error(
        "That folder knows nothing of the council on the sheet. Choose a folder or stick through which its laptops shared."
    )]
    NothingToRecover,
    #[error("That is not the address of a relay. Give the one that IT gave you; it begins with https://.")]
    RelayAddress,
    #[error(
        "The relay cannot be reached. Check that this laptop is on a network and try again; what was not shared is safe on this laptop."
    )]
    RelayUnreachable,
    #[error(
        "The relay does not answer, or has too much to do. Wait a few minutes and try again; what was not shared is safe on this laptop."
    )]
    RelaySilent,
    #[error(
        "The relay's certificate has run out, or this laptop's clock is wrong. Check the date on this laptop, then tell IT; nothing was sent."
    )]
    RelayCertificateExpired,
    #[error(
        "The relay's certificate is not one that this laptop trusts, so nothing was sent. Tell IT, and do not share through it until they have looked."
    )]
    RelayCertificate,
    #[error(
        "The relay does not take this laptop for one of the council's laptops. Share once from the laptop that invited this one, then try again."
    )]
    RelayNotOneOfThem,
    #[error(
        "This laptop has left the council or been taken out of it, so the relay does not let it in. Tell an administrator or IT; what was saved here stays here."
    )]
    RelayTakenOut,
    #[error("The relay carries for another council. Check its address, or ask IT to name your council to it.")]
    RelayOtherCouncil,
    #[error(
        "The relay goes by another name than its address. Check the address, or ask IT to give the relay the name that laptops use."
    )]
    RelayWrongName,
    #[error("Your council's room on the relay is full. Tell IT; what was not shared is safe on this laptop.")]
    RelayFull,
    #[error("The relay is of another version than this program. Tell IT; what was not shared is safe on this laptop.")]
    RelayVersion,
    #[error(
        "The relay did not take this laptop's records. Share again once; if it says so again, tell IT. Nothing is lost."
    )]
    RelayRefused,
    #[error(
        "What answers at that address is not a relay, or is a broken one. Check the address, or tell IT; nothing is lost."
    )]
    RelayNonsense,
    #[error("The relay is out of order. Tell IT; what was not shared is safe on this laptop.")]
    RelayBroken,
    #[error(
        "That is not the address of a bucket. Give the one that IT gave you: az://account/container, or s3://bucket; a key or signature does not belong in it."
    )]
    BucketAddress,
    #[error(
        "This laptop has no credential for the bucket. Ask IT to set it up as the guide on buckets says; what was not shared is safe on this laptop."
    )]
    BucketNoCredential,
    #[error(
        "The credential for the bucket has run out. Ask IT for a new one; what was not shared is safe on this laptop."
    )]
    BucketExpired,
    #[error(
        "The bucket does not let this laptop in because their clocks differ. Check the date and time on this laptop and try again; nothing is lost."
    )]
    BucketClock,
    #[error(
        "The bucket does not allow what this laptop's credential was used for. Ask IT to check the credential; what was not shared is safe on this laptop."
    )]
    BucketRefused,
    #[error("There is no such bucket or container. Check the address, or ask IT to make it; nothing is lost.")]
    BucketMissing,
    #[error(
        "The bucket cannot be reached. Check that this laptop is on a network and try again; what was not shared is safe on this laptop."
    )]
    BucketUnreachable,
    #[error(
        "The bucket does not answer, or has too much to do. Wait a few minutes and try again; what was not shared is safe on this laptop."
    )]
    BucketSilent,
    #[error(
        "The certificate at the bucket's address is not one that this laptop trusts, or this laptop's clock is wrong, so nothing was sent. Check the date, then tell IT."
    )]
    BucketCertificate,
    #[error("The bucket is full. Tell IT; what was not shared is safe on this laptop.")]
    BucketFull,
    #[error(
        "What answers at that address is not a bucket, or is a broken one. Check the address, or tell IT; nothing is lost."
    )]
    BucketNonsense,
    #[error("That is not a Talking Point join file, or it is not whole. Ask for a new one.")]
    NotAJoinFile,
    #[error("The join file was made for another version of Talking Point. Use the same version on both laptops.")]
    JoinFileOther,
    #[error(
        "The file is not Open Referral UK JSON. Export the directory again and try that file; nothing was changed."
    )]
    NotOpenReferral,
    #[error(
        "The file is larger than {most_mib} MiB, more than any one directory needs. Export the services of your own area and try that file; nothing was changed."
    )]
    DirectoryTooLarge { most_mib: u32 },
    #[error(
        "A file could not be read or written ({place}). Check that it is there and that you may use it, then try again."
    )]
    FileFailed { place: &'static str },
    #[error("Something went wrong inside Talking Point (reference {}). Nothing saved is lost: try again, and tell support the reference.", reference(ProblemCode::Unexpected, .place, *.code))]
    Unexpected {
        /// Where in the program.
        place: &'static str,
        /// The code that a part below gave (of SQLite, say), or 0.
        code: i32,
    },
}

impl HubError {
    /// Something that has no sentence of its own, at a place in the program.
    #[must_use]
    pub const fn unexpected(place: &'static str) -> Self {
        Self::Unexpected { place, code: 0 }
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> ProblemCode {
        match self {
            Self::WrongPassphrase => ProblemCode::WrongPassphrase,
            Self::TooManyPassphrases { .. } => ProblemCode::TooManyPassphrases,
            Self::PassphraseTooShort { .. } => ProblemCode::PassphraseTooShort,
            Self::FolderInUse => ProblemCode::FolderInUse,
            Self::NoRecords => ProblemCode::NoRecords,
            Self::AlreadyRecords => ProblemCode::AlreadyRecords,
            Self::MadeByNewer => ProblemCode::MadeByNewer,
            Self::Damaged => ProblemCode::Damaged,
            Self::DiskFull => ProblemCode::DiskFull,
            Self::ReadOnly => ProblemCode::ReadOnly,
            Self::NotAFolder => ProblemCode::FileFailed,
            Self::NotSignedIn => ProblemCode::NotSignedIn,
            Self::NotAllowed => ProblemCode::NotAllowed,
            Self::TakenOut => ProblemCode::TakenOut,
            Self::LastAdministrator => ProblemCode::LastAdministrator,
            Self::OwnLaptop => ProblemCode::OwnLaptop,
            Self::NotYetHeld => ProblemCode::NotYetHeld,
            Self::NotFound => ProblemCode::NotFound,
            Self::StillArriving => ProblemCode::StillArriving,
            Self::TooLong { .. } => ProblemCode::TooLong,
            Self::Empty { .. } => ProblemCode::Empty,
            Self::NotADate { .. } => ProblemCode::NotADate,
            Self::DateInFuture { .. } => ProblemCode::DateInFuture,
            Self::DateTooLongAgo { .. } => ProblemCode::DateTooLongAgo,
            Self::NotAPostcode { .. } => ProblemCode::NotAPostcode,
            Self::NotAPhone { .. } => ProblemCode::NotAPhone,
            Self::AlreadyTaken => ProblemCode::AlreadyTaken,
            Self::ListingNotActive => ProblemCode::ListingNotActive,
            Self::NoHall => ProblemCode::NoHall,
            Self::NoSyncFolder => ProblemCode::NoSyncFolder,
            Self::SyncFolderMissing => ProblemCode::SyncFolderMissing,
            Self::SyncFolderReadOnly => ProblemCode::SyncFolderReadOnly,
            Self::SyncFolderFull => ProblemCode::SyncFolderFull,
            Self::SyncFolderOwn => ProblemCode::SyncFolderOwn,
            Self::SyncFolderFailed => ProblemCode::SyncFolderFailed,
            Self::NotARequest => ProblemCode::NotARequest,
            Self::NotAnApproval => ProblemCode::NotAnApproval,
            Self::WrongCode => ProblemCode::WrongCode,
            Self::RequestOld => ProblemCode::RequestOld,
            Self::AlreadyTakenIn => ProblemCode::AlreadyTakenIn,
            Self::NotTheSheet => ProblemCode::NotTheSheet,
            Self::SheetReplaced => ProblemCode::SheetReplaced,
            Self::NeedsTwoAdministrators => ProblemCode::NeedsTwoAdministrators,
            Self::NothingToRecover => ProblemCode::NothingToRecover,
            Self::RelayAddress => ProblemCode::RelayAddress,
            Self::RelayUnreachable | Self::RelaySilent => ProblemCode::RelayUnreachable,
            Self::RelayCertificateExpired => ProblemCode::RelayCertificateExpired,
            Self::RelayCertificate => ProblemCode::RelayCertificate,
            Self::RelayNotOneOfThem => ProblemCode::RelayNotOneOfThem,
            Self::RelayTakenOut => ProblemCode::RelayTakenOut,
            Self::RelayFull => ProblemCode::RelayFull,
            Self::RelayOtherCouncil
            | Self::RelayWrongName
            | Self::RelayVersion
            | Self::RelayRefused
            | Self::RelayNonsense
            | Self::RelayBroken => ProblemCode::RelayFailed,
            Self::BucketAddress => ProblemCode::BucketAddress,
            Self::BucketNoCredential => ProblemCode::BucketNoCredential,
            Self::BucketExpired => ProblemCode::BucketExpired,
            Self::BucketClock => ProblemCode::BucketClock,
            Self::BucketRefused => ProblemCode::BucketRefused,
            Self::BucketMissing => ProblemCode::BucketMissing,
            Self::BucketUnreachable | Self::BucketSilent => ProblemCode::BucketUnreachable,
            Self::BucketCertificate | Self::BucketFull | Self::BucketNonsense => ProblemCode::BucketFailed,
            Self::NotAJoinFile => ProblemCode::NotAJoinFile,
            Self::JoinFileOther => ProblemCode::JoinFileOther,
            Self::NotOpenReferral | Self::DirectoryTooLarge { .. } => ProblemCode::NotOpenReferral,
            Self::FileFailed { .. } => ProblemCode::FileFailed,
            Self::Unexpected { .. } => ProblemCode::Unexpected,
        }
    }

    /// As the screen is told.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (field, number, place, below) = match *self {
            Self::TooManyPassphrases { seconds } => (None, Some(seconds), "", 0),
            Self::PassphraseTooShort { least } => (Some("passphrase"), Some(least), "", 0),
            Self::TooLong { field, most } => (Some(field), Some(most), field, 0),
            Self::Empty { field }
            | Self::NotADate { field }
            | Self::DateInFuture { field }
            | Self::DateTooLongAgo { field }
            | Self::NotAPostcode { field }
            | Self::NotAPhone { field } => (Some(field), None, field, 0),
            Self::FileFailed { place } => (None, None, place, 0),
            Self::Unexpected { place, code } => (None, None, place, code),
            _ => (None, None, "", 0),
        };
        let code = self.code();
        Problem { code, field: field.map(str::to_owned), number, reference: reference(code, place, below) }
    }
}

impl From<&HubError> for Problem {
    fn from(error: &HubError) -> Self {
        error.problem()
    }
}

/// Letters and digits that cannot be taken for one another (Crockford's 32).
const REFERENCE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Four letters and digits, the same for the same code and place.
fn reference(code: ProblemCode, place: &str, below: i32) -> String {
    let hash = blake3::hash(format!("{code:?}/{place}/{below}").as_bytes());
    hash.as_bytes()
        .iter()
        .take(4)
        .filter_map(|byte| REFERENCE_LETTERS.get(usize::from(byte & 31)))
        .map(|letter| char::from(*letter))
        .collect()
}

/// `1 second`, `40 seconds`, `5 minutes`.
fn wait(seconds: u32) -> String {
    match seconds {
        1 => "1 second".to_owned(),
        0..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sentence_says_what_happened_and_what_to_do() {
        let too_many = HubError::TooManyPassphrases { seconds: 300 };
        assert_eq!(
            too_many.to_string(),
            "Too many wrong passphrases were tried. Wait 5 minutes and try again; nothing has been lost."
        );
        assert_eq!(too_many.problem().number, Some(300));
        let long = HubError::TooLong { field: "reason", most: 20_000 };
        assert_eq!(long.problem().field.as_deref(), Some("reason"));
    }

    #[test]
    fn a_reference_is_four_letters_and_stays() {
        let a = HubError::unexpected("store/open").problem().reference;
        assert_eq!(a.len(), 4);
        assert_eq!(a, HubError::unexpected("store/open").problem().reference);
        assert_ne!(a, HubError::unexpected("store/write").problem().reference);
        assert!(HubError::unexpected("store/open").to_string().contains(&a));
    }
}
