//! What IT does to the council's laptops.

use std::io::IsTerminal;
use std::path::Path;

use hub::error::HubError;
use hub::ports::Ports;
use hub::view::laptop::{LaptopStanding, OtherLaptop};
use hub::{Asking, Hub, Passphrase, Recover, RelayAddress};
use zeroize::Zeroizing;

use crate::line::{ByRelay, Command, Whose};
use crate::work::{
    CHECK_THEM, Stopped, TYPE_THEM, address, role_of, say, sheet as sheet_text, type_again, write_secret,
};

/// No request or approval is larger, in bytes.
const FILE_MOST: u64 = 4 << 20;

/// How a request or an approval goes from laptop to laptop: as a file, or by way of a relay.
pub(crate) struct Way<'a> {
    pub(crate) file: Option<&'a Path>,
    pub(crate) by: &'a ByRelay,
    pub(crate) council: Option<&'a str>,
}

/// Asks to be taken in, and prints the code.
pub(crate) fn ask(dir: &Path, passphrase: &Passphrase, way: &Way<'_>, ports: &Ports) -> Result<String, Stopped> {
    let relay = relay(way.by)?;
    let asking = Asking::begin(dir, passphrase, ports)?;
    let request = asking.request()?;
    let said = match (way.file, &relay) {
        (Some(file), _) => {
            put(file, &request)?;
            "Read this code to the administrator, and bring them the request."
        }
        (None, Some(relay)) => {
            asking.knock(relay, way.council)?;
            "Read this code to the administrator; the request waits at the relay."
        }
        (None, None) => return Err(HubError::NoSyncFolder.into()),
    };
    let told = Zeroizing::new(format!("{said} It is good for a day:\n\n{}\n", asking.code().as_str()));
    say(&told).map_err(|_| "The code could not be printed; ask again.".to_owned())?;
    Ok(format!("bytes={}", request.len()))
}

/// Becomes a laptop of the council that approved.
pub(crate) fn finish(
    dir: &Path,
    passphrase: &Passphrase,
    (way, called): (&Way<'_>, &str),
    ports: &Ports,
) -> Result<String, Stopped> {
    let relay = relay(way.by)?;
    let from_file = way.file.map(get).transpose()?;
    let asking = Asking::open(dir, passphrase, ports)?;
    let approval = match (from_file, &relay) {
        (Some(bytes), _) => Some(bytes),
        (None, Some(relay)) => asking.answered(relay, way.council)?,
        (None, None) => None,
    };
    let Some(approval) = approval else {
        return Err("No administrator has answered yet; read them the code, and try again later.".to_owned().into());
    };
    asking.finish(&approval, called, passphrase)?;
    Ok("joined=1".to_owned())
}

/// The relay that is named, if one is.
fn relay(by: &ByRelay) -> Result<Option<RelayAddress>, Stopped> {
    by.relay.as_deref().map(|url| address(url, by.certificate.as_deref())).transpose()
}

/// Brings a council back.
pub(crate) fn recover(dir: &Path, recover: &Recover<'_>, ports: &Ports) -> Result<String, Stopped> {
    let hub = Hub::recover(dir, recover, ports)?;
    Ok(format!("documents={} laptops={}", hub.verify()?.documents, hub.laptops()?.len()))
}

/// The words in a sheet's file.
pub(crate) fn sheet(path: &Path) -> Result<Zeroizing<String>, Stopped> {
    let bytes = Zeroizing::new(get(path)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| HubError::NotTheSheet)?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// The words as they are typed on standard input, in one line or several; an empty line or the end of input ends them.
pub(crate) fn typed_sheet() -> Result<Zeroizing<String>, Stopped> {
    let mut words = Zeroizing::new(String::new());
    loop {
        let before = words.len();
        let read = std::io::stdin().read_line(&mut words).map_err(|_| HubError::NotTheSheet)?;
        if read == 0 || words.get(before..).is_none_or(|line| line.trim().is_empty()) {
            return Ok(words);
        }
    }
}

/// Does what is asked of the laptops of open records.
pub(crate) fn with_open(hub: &Hub, passphrase: &Passphrase, command: &Command) -> Result<String, Stopped> {
    match command {
        Command::Approve { request, by, code, role, laptop, out } => {
            if let Some(relay) = relay(by)? {
                hub.approve_at_relay(&relay, code, (role_of(*role), laptop.clone()), passphrase)?;
                return Ok("laptops=1".to_owned());
            }
            let (Some(request), Some(out)) = (request, out) else { return Err(HubError::NotARequest.into()) };
            let approval = hub.approve(&get(request)?, code, role_of(*role), laptop.clone(), passphrase)?;
            put(out, &approval)?;
            Ok(format!("bytes={}", approval.len()))
        }
        Command::CheckSheet { sheet: file } => {
            hub.check_sheet(&file.as_deref().map_or_else(typed_sheet, sheet)?)?;
            Ok("sheets=1".to_owned())
        }
        Command::NewSheet => new_sheet(hub, passphrase),
        Command::AgreeSheet { by } => {
            let sheets = hub.proposed_sheets()?;
            let found = sheets.iter().find(|sheet| sheet.by.eq_ignore_ascii_case(by)).ok_or(HubError::NotFound)?;
            hub.agree_to_sheet(&found.id, passphrase)?;
            Ok("sheets=1".to_owned())
        }
        Command::Laptops => list(hub),
        Command::TakeOut(whose) => done(hub.take_out(&id_of(hub, whose)?, passphrase)),
        Command::Retire(whose) => done(hub.retire(&id_of(hub, whose)?, passphrase)),
        Command::MakeAdministrator(whose) => done(hub.make_administrator(&id_of(hub, whose)?, passphrase)),
        Command::ChangeRole { whose, role } => done(hub.change_role(&id_of(hub, whose)?, role_of(*role), passphrase)),
        Command::Keeper { whose, no_more } => done(hub.set_keeper(&id_of(hub, whose)?, !no_more, passphrase)),
        Command::RenewKeys => Ok(format!("scopes={}", hub.renew_keys(passphrase)?)),
        Command::Erase { person } => {
            let person = person.parse().map_err(|_| HubError::NotFound)?;
            Ok(format!("documents={}", hub.erase_person(person, passphrase)?.documents))
        }
        _ => Err(HubError::unexpected("hubctl").into()),
    }
}

/// Writes a new recovery sheet and proposes it. Somebody at a terminal types the words again first.
fn new_sheet(hub: &Hub, passphrase: &Passphrase) -> Result<String, Stopped> {
    let new = hub.begin_sheet()?;
    let terminal = std::io::stdin().is_terminal();
    let words = new.words();
    say(&sheet_text(&words, if terminal { TYPE_THEM } else { CHECK_THEM }))
        .map_err(|_| "The recovery words could not be printed: nothing was proposed.".to_owned())?;
    let propose = |typed: &str| hub.propose_sheet(&new, typed, passphrase);
    if terminal {
        type_again("nothing was proposed", propose)?
    } else {
        propose(words.as_str())?
    }
    Ok("proposed=1".to_owned())
}

fn done(act: Result<(), HubError>) -> Result<String, Stopped> {
    act?;
    Ok("laptops=1".to_owned())
}

fn list(hub: &Hub) -> Result<String, Stopped> {
    let laptops = hub.laptops()?;
    for laptop in &laptops {
        // That nobody reads the list is no failure.
        let _ = say(&line(laptop));
    }
    Ok(format!("laptops={}", laptops.len()))
}

fn line(laptop: &OtherLaptop) -> String {
    let standing = match laptop.standing {
        LaptopStanding::Live => "live",
        LaptopStanding::Retired => "retired",
        LaptopStanding::TakenOut => "taken-out",
    };
    let rank = if laptop.administrator { "administrator" } else { laptop.role.code() };
    let name = if laptop.name.is_empty() { "(not heard of yet)" } else { &laptop.name };
    format!(
        "{} {name}: {rank}{} {standing} unconfirmed={} erasures-unconfirmed={}",
        laptop.id,
        if laptop.keeper { " keeper" } else { "" },
        laptop.unconfirmed,
        laptop.erasures_unconfirmed
    )
}

/// The id of the one laptop that is called so.
fn id_of(hub: &Hub, whose: &Whose) -> Result<String, Stopped> {
    let laptops = hub.laptops()?;
    let mut called = laptops.iter().filter(|laptop| laptop.id == whose.laptop || laptop.name == whose.laptop);
    match (called.next(), called.next()) {
        (Some(one), None) => Ok(one.id.clone()),
        (Some(_), Some(_)) => {
            Err("More than one laptop is called that; name it by its id, as `laptops` lists it.".to_owned().into())
        }
        _ => Err("No laptop is called that; `laptops` lists them.".to_owned().into()),
    }
}

fn get(path: &Path) -> Result<Vec<u8>, Stopped> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(FILE_MOST + 1).read_to_end(&mut bytes))
        .map_err(|_| HubError::FileFailed { place: "the file that was named" })?;
    Ok(bytes)
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Stopped> {
    if path.exists() {
        return Err("There is a file where this should go; choose another name.".to_owned().into());
    }
    write_secret(path, bytes).map_err(|_| HubError::FileFailed { place: "the file to write" }.into())
}
