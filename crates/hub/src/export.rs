//! What this laptop holds, as CSV files for the office: waiting list, visits, listings, weekly figures.
//!
//! A file is written for each scope that is held and for no other; names stand in the waiting list only where casework
//! is held too. Conversations and notes are never exported.

use std::io;
use std::path::Path;

use chrono::NaiveDate;
use sync_schema::{Scope, WaitingKind};

use crate::csv::CsvFile;
use crate::error::HubError;
use crate::store::query::{Connection, export, trends as query};
use crate::view::trends::{TrendsFilter, trends};

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Written {
    /// Files.
    pub(crate) files: u32,
    /// Rows in all of them, headings apart.
    pub(crate) rows: u32,
}

/// Weeks of figures: as many as a chart shows.
const WEEKS: u32 = 104;

/// Writes the files that `holds` allows into `dir`, which is made if it is missing; earlier ones of the same names are
/// replaced.
///
/// # Errors
/// [`HubError::FileFailed`], [`HubError::DiskFull`], and the database's own.
pub(crate) fn write(
    connection: &Connection,
    holds: impl Fn(Scope) -> bool,
    dir: &Path,
    today: NaiveDate,
) -> Result<Written, HubError> {
    make(dir).map_err(|e| problem(&e))?;
    let mut done = Written::default();
    let mut add = |rows: u32| {
        done.files += 1;
        done.rows += rows;
    };
    if holds(Scope::WaitingList) {
        add(waiting_list(connection, dir, holds(Scope::Casework))?);
        add(weekly_figures(connection, dir, today)?);
    }
    if holds(Scope::FrontDesk) {
        let heading = [
            "day",
            "hub",
            "ticket",
            "name",
            "reason",
            "needs",
            "interpreter",
            "companion",
            "been before",
            "came at",
            "state",
        ];
        add(file(connection, dir, "visits.csv", &heading, export::Rows::Visits)?);
    }
    if holds(Scope::Directory) {
        let heading = [
            "name",
            "organisation",
            "summary",
            "when",
            "where",
            "cost",
            "phone",
            "email",
            "web",
            "address",
            "postcode",
            "categories",
            "status",
            "checked on",
        ];
        add(file(connection, dir, "listings.csv", &heading, export::Rows::Listings)?);
    }
    Ok(done)
}

fn waiting_list(connection: &Connection, dir: &Path, names: bool) -> Result<u32, HubError> {
    let mut heading = vec![
        "entry",
        "name",
        "kind",
        "band",
        "hub",
        "locality",
        "asked on",
        "next call due",
        "state",
        "closed on",
        "outcome",
    ];
    if !names {
        heading.retain(|h| *h != "name");
    }
    let rows = if names { export::Rows::WaitingList } else { export::Rows::WaitingListWithoutNames };
    file(connection, dir, "waiting-list.csv", &heading, rows)
}

fn file(
    connection: &Connection,
    dir: &Path,
    name: &str,
    heading: &[&str],
    rows: export::Rows,
) -> Result<u32, HubError> {
    let mut file = CsvFile::begin(dir, name, heading).map_err(|e| problem(&e))?;
    export::for_each(connection, rows, |cells| file.row(cells).map_err(|e| problem(&e)))?;
    file.finish().map_err(|e| problem(&e))
}

/// A row for each kind, hub and week in which the list was not empty and still.
fn weekly_figures(connection: &Connection, dir: &Path, today: NaiveDate) -> Result<u32, HubError> {
    let heading =
        ["kind", "hub", "week starting", "joined", "left", "size at week's end", "seen", "mean days to being seen"];
    let mut file = CsvFile::begin(dir, "weekly-figures.csv", &heading).map_err(|e| problem(&e))?;
    for hub in query::hubs(connection)? {
        for kind in WaitingKind::ALL {
            let filter = TrendsFilter { kind: *kind, hub: Some(hub.id), band: None, weeks: WEEKS };
            for week in trends(connection, &filter, today)?.weeks {
                if week.joined + week.left + week.size == 0 {
                    continue;
                }
                let cells = [
                    kind.code().to_owned(),
                    hub.name.clone(),
                    week.starting.to_string(),
                    week.joined.to_string(),
                    week.left.to_string(),
                    week.size.to_string(),
                    week.seen.to_string(),
                    week.mean_days.map_or_else(String::new, |days| format!("{days:.1}")),
                ];
                file.row(&cells).map_err(|e| problem(&e))?;
            }
        }
    }
    file.finish().map_err(|e| problem(&e))
}

fn make(dir: &Path) -> io::Result<()> {
    let mut maker = std::fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(dir)
}

fn problem(error: &io::Error) -> HubError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => HubError::DiskFull,
        _ => HubError::FileFailed { place: "the folder for the export" },
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::store::Store;

    fn written(scopes: &[Scope]) -> Vec<(String, String)> {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create(&dir.path().join("db"), &Zeroizing::new([7; 32])).unwrap();
        let out = dir.path().join("a/b");
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let done = store.read(|rows| write(rows, |scope| scopes.contains(&scope), &out, today)).unwrap();
        let mut files: Vec<(String, String)> = std::fs::read_dir(&out)
            .unwrap()
            .map(|file| {
                let file = file.unwrap();
                (file.file_name().into_string().unwrap(), std::fs::read_to_string(file.path()).unwrap())
            })
            .collect();
        files.sort();
        assert_eq!((done.files as usize, done.rows), (files.len(), 0));
        files
    }

    #[test]
    fn only_what_the_laptop_holds_is_written_and_names_only_with_casework() {
        let names = |scopes: &[Scope]| written(scopes).into_iter().map(|f| f.0).collect::<Vec<_>>();
        assert!(names(&[]).is_empty());
        assert_eq!(names(&[Scope::FrontDesk, Scope::Directory]), ["listings.csv", "visits.csv"]);
        let office = written(&[Scope::WaitingList]);
        assert_eq!(office[0].0, "waiting-list.csv");
        assert!(office[0].1.starts_with("entry,kind,") && !office[0].1.contains("name"));
        assert!(written(&[Scope::WaitingList, Scope::Casework])[0].1.starts_with("entry,name,kind,"));
    }
}
