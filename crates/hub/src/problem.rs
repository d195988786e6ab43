//! What can go wrong, as the screen is told: a code for the message catalogue, the field it is about, and a short
//! reference. No personal detail is ever in one.

use serde::{Deserialize, Serialize};

/// A code exists only if the screen, or `hubctl`, says something of its own about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum ProblemCode {
    /// The passphrase did not open the records.
    WrongPassphrase,
    /// Too many wrong passphrases: wait.
    TooManyPassphrases,
    /// The passphrase chosen is too short.
    PassphraseTooShort,
    /// Another program has this data folder open.
    FolderInUse,
    /// The data folder holds no records.
    NoRecords,
    /// The data folder already holds records.
    AlreadyRecords,
    /// The records were made by a newer version of the program.
    MadeByNewer,
    /// The records are damaged.
    Damaged,
    /// The disk is full.
    DiskFull,
    /// The disk or folder can only be read.
    ReadOnly,
    /// Nobody is signed in, or the laptop is locked.
    NotSignedIn,
    /// This person's role, or this laptop's grants, do not allow it.
    NotAllowed,
    /// This laptop was taken out of the council.
    TakenOut,
    /// The last administrator cannot leave.
    LastAdministrator,
    /// One does not take out the laptop one sits at.
    OwnLaptop,
    /// Something saved here is held by no other laptop yet.
    NotYetHeld,
    /// It is not here (any more).
    NotFound,
    /// It can be seen, and not changed before the first sync has brought all of it.
    StillArriving,
    /// Too long.
    TooLong,
    /// Nothing was typed where something is needed.
    Empty,
    /// Not a date.
    NotADate,
    /// A date after today.
    DateInFuture,
    /// A date too long ago.
    DateTooLongAgo,
    /// Not a postcode.
    NotAPostcode,
    /// Not a telephone number.
    NotAPhone,
    /// Someone else has taken this visit already.
    AlreadyTaken,
    /// The listing is not running, so nobody can be pointed to it.
    ListingNotActive,
    /// This machine's network cannot be used to meet laptops in the same hall.
    NoHall,
    /// No folder to share through is set.
    NoSyncFolder,
    /// The folder to share through is not there.
    SyncFolderMissing,
    /// The folder to share through cannot be written.
    SyncFolderReadOnly,
    /// There is no room where the folder to share through is.
    SyncFolderFull,
    /// The folder to share through is the data folder, or in it.
    SyncFolderOwn,
    /// Reading or writing the folder failed.
    SyncFolderFailed,
    /// Not a request to join.
    NotARequest,
    /// Not the approval for this laptop's request.
    NotAnApproval,
    /// The code is not the one that the new laptop shows.
    WrongCode,
    /// A request is good for a day.
    RequestOld,
    /// The laptop that asks is in the roster.
    AlreadyTakenIn,
    /// The recovery words do not agree with their own check.
    NotTheSheet,
    /// The recovery sheet was replaced by a newer one.
    SheetReplaced,
    /// A new recovery sheet needs two administrators.
    NeedsTwoAdministrators,
    /// The folder holds nothing of the council on the recovery sheet.
    NothingToRecover,
    /// What was given as a relay's address is not one.
    RelayAddress,
    /// The relay cannot be reached, or does not answer.
    RelayUnreachable,
    /// The relay's certificate has run out, or this laptop's clock is wrong.
    RelayCertificateExpired,
    /// The relay's certificate is not trusted.
    RelayCertificate,
    /// The relay does not know this laptop.
    RelayNotOneOfThem,
    /// The laptop is not one of the council's any more.
    RelayTakenOut,
    /// The council's room on the relay is used up.
    RelayFull,
    /// The relay does not do what a relay does.
    RelayFailed,
    /// What was given as a bucket's address is not one.
    BucketAddress,
    /// This laptop has no credential for the bucket.
    BucketNoCredential,
    /// The credential for the bucket has run out.
    BucketExpired,
    /// The clocks of the bucket and of this laptop are too far apart.
    BucketClock,
    /// The credential does not allow it.
    BucketRefused,
    /// There is no such bucket.
    BucketMissing,
    /// The bucket cannot be reached, or does not answer.
    BucketUnreachable,
    /// The bucket is full, or not one, or is out of order.
    BucketFailed,
    /// Not a join file.
    NotAJoinFile,
    /// The join file was made for another version.
    JoinFileOther,
    /// The file to import is not Open Referral JSON.
    NotOpenReferral,
    /// A file could not be read or written.
    FileFailed,
    /// Something went wrong that has no sentence of its own.
    Unexpected,
}

/// A problem on its way to the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What happened.
    pub code: ProblemCode,
    /// The field it is about, in the request's own name (`name`, `requestedOn`), if it is about one.
    pub field: Option<String>,
    /// A number the sentence needs (seconds to wait, most characters allowed), if it needs one.
    pub number: Option<u32>,
    /// Four letters and digits that tell support where it came from; the same place gives the same reference.
    pub reference: String,
}
