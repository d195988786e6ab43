//! What may stand on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Works on the records in a data folder: for IT, and for tests.
#[derive(Debug, Parser)]
#[command(name = "hubctl", version, arg_required_else_help = false)]
pub(crate) struct Line {
    /// The data folder. `init`, `join` and `demo` want one that holds no records yet, and make it if need be.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// A file whose first line is the passphrase of the records on this laptop.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: PathBuf,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Founds a council on this laptop, which becomes its administrator's, and prints the recovery words once.
    Init {
        /// The council's name.
        #[arg(long, value_name = "NAME")]
        council: String,
        /// The first hub's name.
        #[arg(long, value_name = "NAME")]
        hub: String,
        /// What this laptop is called; the hub's name with a 1 if not given.
        #[arg(long, value_name = "NAME")]
        laptop: Option<String>,
    },
    /// Makes a join file for one new laptop. Whoever has the file can join: hand it over yourself, then delete it.
    Invite {
        /// What the laptop is for; it decides what the laptop can hold.
        #[arg(long, value_enum)]
        role: InvitedRole,
        /// Where to write the join file; it must not exist yet.
        #[arg(long, value_name = "JOIN")]
        out: PathBuf,
        /// What the laptop is to be called, if that is known.
        #[arg(long, value_name = "NAME")]
        laptop: Option<String>,
    },
    /// Makes this laptop part of a council with a join file.
    Join {
        /// The join file.
        #[arg(long, value_name = "JOIN")]
        file: PathBuf,
        /// What this laptop is called, such as "Green Lane Library 2". It works at the hub whose name this starts
        /// with, or, when there is none, at the hub of the laptop that invited it. A hub's name alone is given a number.
        #[arg(long, value_name = "NAME")]
        hub: String,
    },
    /// Makes an invented council to try things out with, the same for the same seed and day.
    Demo {
        /// Any number; another number makes another council.
        #[arg(long, value_name = "N", default_value_t = hub::demo::SEED, allow_negative_numbers = true, value_parser = seed)]
        seed: u64,
        /// How many people the council knows, 20 to 200,000.
        #[arg(long, value_name = "N", default_value_t = hub::demo::PEOPLE, allow_negative_numbers = true, value_parser = people)]
        people: u32,
    },
    /// Shares records with other laptops through a folder (a stick, a shared drive), a bucket or a relay.
    #[command(group = clap::ArgGroup::new("carrier").required(true).args(["folder", "bucket", "relay"]))]
    Sync {
        /// The folder.
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
        /// The bucket's address: az://account/container/prefix or s3://bucket/prefix, with ?region=… for S3 and
        /// ?endpoint=https://… for other makes. The credential is read from the environment: AZURE_STORAGE_SAS_TOKEN or
        /// AZURE_STORAGE_KEY; AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
        #[arg(long, value_name = "URL")]
        bucket: Option<String>,
        /// The relay's address: https://relay.example.org
        #[arg(long, value_name = "URL")]
        relay: Option<String>,
        /// The relay's certificate, or the one that vouches for it, as a PEM file. Without it, what this machine trusts.
        #[arg(long, value_name = "FILE", requires = "relay")]
        certificate: Option<PathBuf>,
    },
    /// Meets other laptops of the council in the same hall, with no server between them, for a while.
    Hall {
        /// For how long, in seconds.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=86_400))]
        seconds: u32,
    },
    /// Writes snapshots into a folder that laptops share through, or at a relay, so that new laptops are ready sooner. A
    /// keeper's laptop does this by itself when enough is new.
    #[command(group = clap::ArgGroup::new("place").required(true).args(["folder", "relay"]))]
    Snapshot {
        /// The folder.
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
        /// The relay's address: https://relay.example.org
        #[arg(long, value_name = "URL")]
        relay: Option<String>,
        /// The relay's certificate, or the one that vouches for it, as a PEM file. Without it, what this machine trusts.
        #[arg(long, value_name = "FILE", requires = "relay")]
        certificate: Option<PathBuf>,
    },
    /// Prints the council's root public key, by which a relay is told whom to carry for. It is no secret.
    Council,
    /// Takes a directory of services from an Open Referral UK JSON file.
    ImportDirectory {
        /// The file, of at most 64 MiB.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Proves the records whole: the file, the projections against a rebuild, the chain of the log. Changes nothing.
    Verify,
    /// Writes what this laptop holds as CSV files: waiting list, visits, listings, weekly figures. Earlier ones in the
    /// same folder are replaced, other files there are left alone.
    ExportCsv {
        /// The folder to write into; made if it is missing.
        #[arg(value_name = "OUTDIR")]
        outdir: PathBuf,
    },
    /// Drops everything that is derived from the records and makes it again.
    Rebuild,
    /// Asks to be taken in: prints the code for the administrator, and writes the request to bring to them, or leaves it
    /// at a relay.
    #[command(group = clap::ArgGroup::new("way").required(true).args(["out", "relay"]))]
    Ask {
        /// Where to write the request; it must not exist yet.
        #[arg(long, value_name = "REQUEST")]
        out: Option<PathBuf>,
        #[command(flatten)]
        by: ByRelay,
        /// The council's root public key, as `council` prints it, where the relay carries for several.
        #[arg(long, value_name = "KEY", requires = "relay")]
        council: Option<String>,
    },
    /// Takes in a laptop that asked, on an administrator's laptop, and writes the approval to bring back to it, or leaves
    /// it at the relay where the laptop left its request.
    #[command(group = clap::ArgGroup::new("way").required(true).args(["request", "relay"]))]
    Approve {
        /// The request.
        #[arg(long, value_name = "REQUEST", requires = "out")]
        request: Option<PathBuf>,
        #[command(flatten)]
        by: ByRelay,
        /// The code that the new laptop shows.
        #[arg(long, value_name = "CODE")]
        code: String,
        /// What the laptop is for.
        #[arg(long, value_enum)]
        role: InvitedRole,
        /// What the laptop is to be called.
        #[arg(long, value_name = "NAME")]
        laptop: Option<String>,
        /// Where to write the approval; it must not exist yet.
        #[arg(long, value_name = "APPROVAL", requires = "request")]
        out: Option<PathBuf>,
    },
    /// Becomes a laptop of the council that approved, on the laptop that asked.
    #[command(group = clap::ArgGroup::new("way").required(true).args(["approval", "relay"]))]
    Finish {
        /// The approval.
        #[arg(long, value_name = "APPROVAL")]
        approval: Option<PathBuf>,
        #[command(flatten)]
        by: ByRelay,
        /// The council's root public key, as `council` prints it, where the relay carries for several.
        #[arg(long, value_name = "KEY", requires = "relay")]
        council: Option<String>,
        /// What this laptop is called; as the approval says, if not given.
        #[arg(long, value_name = "NAME")]
        hub: Option<String>,
    },
    /// Brings a council back with its recovery sheet and a folder through which it shared; this laptop becomes its
    /// administrator's.
    Recover {
        /// A file with the recovery words.
        #[arg(long, value_name = "FILE")]
        sheet: PathBuf,
        /// The folder.
        #[arg(long, value_name = "DIR")]
        folder: PathBuf,
        /// What this laptop is called.
        #[arg(long, value_name = "NAME")]
        laptop: String,
        /// The hub it works at.
        #[arg(long, value_name = "NAME")]
        hub: String,
    },
    /// Checks the recovery sheet: type its words from the paper, and hear whether they are this council's.
    CheckSheet {
        /// A file with the words; typed on standard input, if not given.
        #[arg(long, value_name = "FILE")]
        sheet: Option<PathBuf>,
    },
    /// Writes a new recovery sheet, the old one being lost or seen: prints its words and proposes it. It counts once a second
    /// administrator has agreed to it with `agree-sheet`; from then on the old sheet opens nothing new.
    NewSheet,
    /// Agrees to the recovery sheet that another administrator's laptop proposes.
    AgreeSheet {
        /// The name of the laptop that proposes it.
        #[arg(long, value_name = "NAME")]
        by: String,
    },
    /// Lists the council's laptops: id, name, what each is for, where it stands, what it has not confirmed.
    Laptops,
    /// Takes a laptop out: lost, stolen, its keeper gone. It learns nothing that is written by laptops that have heard.
    TakeOut(Whose),
    /// Lets a laptop leave in good order; this one too, when another holds all it saved.
    Retire(Whose),
    /// Makes a laptop an administrator's.
    MakeAdministrator(Whose),
    /// Changes what a laptop is for.
    ChangeRole {
        #[command(flatten)]
        whose: Whose,
        /// What it is for now.
        #[arg(long, value_enum)]
        role: InvitedRole,
    },
    /// Makes a laptop a keeper, which writes snapshots and prunes what they cover, or not any more.
    Keeper {
        #[command(flatten)]
        whose: Whose,
        /// Not any more.
        #[arg(long)]
        no_more: bool,
    },
    /// Gives every kind of record a new key.
    RenewKeys,
    /// Erases a person everywhere, with their visits, conversations and places on lists. It cannot be taken back.
    Erase {
        /// The person's id.
        #[arg(long, value_name = "ID")]
        person: String,
    },
}

/// By way of a relay.
#[derive(Debug, Args)]
pub(crate) struct ByRelay {
    /// The relay's address: https://relay.example.org
    #[arg(long, value_name = "URL")]
    pub(crate) relay: Option<String>,
    /// The relay's certificate, or the one that vouches for it, as a PEM file. Without it, what this machine trusts.
    #[arg(long, value_name = "FILE", requires = "relay")]
    pub(crate) certificate: Option<PathBuf>,
}

/// A laptop of the council.
#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// Its name or its id, as `laptops` lists them.
    #[arg(long, value_name = "NAME")]
    pub(crate) laptop: String,
}

/// What a laptop is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InvitedRole {
    /// At the door: no conversations, no waiting lists.
    Volunteer,
    /// At a table: everything but the team's register.
    Worker,
    /// In the office: waiting lists without names, trends.
    Manager,
}

fn seed(typed: &str) -> Result<u64, &'static str> {
    typed.parse().map_err(|_| "give a whole number, 0 or more")
}

fn people(typed: &str) -> Result<u32, &'static str> {
    typed.parse().ok().filter(|people| (20..=200_000).contains(people)).ok_or("give a whole number from 20 to 200,000")
}

/// What clap has to say about wrong arguments, as one line.
pub(crate) fn one_line(told: &clap::Error) -> String {
    let rendered = told.render().to_string();
    // The first paragraph says what is wrong; usage and tips follow after an empty line.
    let what = rendered.split("\n\n").next().unwrap_or_default();
    let what = what.trim_start_matches("error:").split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = what.trim_end_matches('.').chars();
    let start =
        letters.next().map_or_else(|| "Nothing was asked".to_owned(), |c| c.to_uppercase().chain(letters).collect());
    format!("{start}; `hubctl --help` lists what can be asked.")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_line_is_sound() {
        Line::command().debug_assert();
    }

    #[test]
    fn wrong_arguments_are_told_in_one_line() {
        for args in [
            &["hubctl"][..],
            &["hubctl", "--data", "x"],
            &["hubctl", "--data", "x", "--passphrase-file", "y"],
            &["hubctl", "--data", "x", "--passphrase-file", "y", "fly"],
            &["hubctl", "--data", "x", "--passphrase-file", "y", "demo", "--people", "0"],
            &["hubctl", "--data", "x", "--passphrase-file", "y", "invite", "--role", "king", "--out", "z"],
        ] {
            let told = one_line(&Line::try_parse_from(args).unwrap_err());
            assert!(!told.contains('\n') && told.ends_with("can be asked.") && told.len() > 45, "{told}");
        }
    }
}
