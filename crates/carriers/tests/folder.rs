//! The folder as a carrier, in fair weather and foul.

#![allow(clippy::unwrap_used, reason = "a test may stop here")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use carriers::{Carrier, CarrierError, Folder, Parcel};
use sealed_log::*;

struct Place {
    dir: tempfile::TempDir,
    council: CouncilId,
    stream: StreamId,
}

impl Place {
    fn new() -> Self {
        let council = CouncilId::from_bytes([1; 32]);
        let stream = StreamId { log: LogId::from_bytes([2; 16]), scope: ScopeId::of(&council, "front-desk") };
        Self { dir: tempfile::tempdir().unwrap(), council, stream }
    }

    fn folder(&self) -> Folder {
        Folder::at(self.dir.path(), &self.council).unwrap()
    }

    /// Every file below the folder.
    fn files(&self) -> Vec<PathBuf> {
        fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        walk(self.dir.path(), &mut found);
        found
    }

    fn segment_files(&self) -> Vec<PathBuf> {
        self.files().into_iter().filter(|path| path.components().any(|part| part.as_os_str() == "seg")).collect()
    }
}

/// A segment in form only: an envelope's length, the envelope, and more.
fn parcel(seq: u64) -> Parcel {
    let mut bytes = vec![8];
    bytes.extend_from_slice(&seq.to_le_bytes());
    bytes.extend_from_slice(&[7; 60]);
    Parcel { seq, short: Segment::peek_hash(&bytes).unwrap().short(), bytes, apart: Vec::new() }
}

fn tip(seq: u64) -> (u64, Short) {
    (seq, parcel(seq).short)
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

async fn everything(folder: &Folder, stream: &StreamId) -> Vec<Vec<u8>> {
    let mut segments = Vec::new();
    for file in cover(&folder.files(stream).await.unwrap(), 1, u64::MAX) {
        segments.extend(folder.fetch(stream, &file).await.unwrap().unwrap().segments);
    }
    segments
}

#[test]
fn what_is_put_is_shown_and_fetched() {
    let place = Place::new();
    run(async {
        let folder = place.folder();
        assert!(folder.tips().await.unwrap().is_empty());
        let parcels: Vec<Parcel> = (1..=3).map(parcel).collect();
        folder.put(&place.stream, &parcels, &BTreeSet::new()).await.unwrap();
        folder.put(&place.stream, &[parcel(4)], &BTreeSet::from([tip(3)])).await.unwrap();
        let tips = folder.tips().await.unwrap();
        assert_eq!(tips[&place.stream], BTreeSet::from([tip(4)]));
        let all = everything(&folder, &place.stream).await;
        assert_eq!(all, (1..=4).map(|seq| parcel(seq).bytes).collect::<Vec<_>>());
        folder.put_seen(&place.stream.log, 1, None, b"one").await.unwrap();
        folder.put_seen(&place.stream.log, 2, Some(1), b"two").await.unwrap();
        assert_eq!(folder.seen().await.unwrap()[&place.stream.log], 2);
        assert_eq!(folder.seen_statement(&place.stream.log, 2).await.unwrap().unwrap(), b"two");
        assert_eq!(folder.seen_statement(&place.stream.log, 1).await.unwrap(), None);
        assert_eq!(folder.traffic().vanished, 1);
    });
}

#[test]
fn foreign_files_and_conflict_copies_are_passed_over_and_counted() {
    let place = Place::new();
    run(async {
        let folder = place.folder();
        folder.put(&place.stream, &[parcel(1)], &BTreeSet::new()).await.unwrap();
        folder.put_roster_entry(&Hash::from_bytes([3; 32]), b"entry").await.unwrap();
        for path in place.files() {
            let copy = |tail: &str| PathBuf::from(format!("{}{tail}", path.display()));
            fs::copy(&path, copy(" (1)")).unwrap();
            fs::copy(&path, copy("-LAPTOP7")).unwrap();
        }
        fs::write(place.dir.path().join("Rota for May.xlsx"), b"x").unwrap();

        let folder = place.folder();
        assert_eq!(folder.tips().await.unwrap().len(), 1);
        assert_eq!(folder.traffic().foreign, 2);
        assert_eq!(folder.files(&place.stream).await.unwrap().len(), 1);
        assert_eq!(folder.roster().await.unwrap().len(), 1);
        assert_eq!(folder.traffic().foreign, 6);
        folder.look_round().await.unwrap();
        assert_eq!(folder.traffic().foreign, 7);
    });
}

#[test]
fn two_councils_share_a_folder() {
    let place = Place::new();
    run(async {
        place.folder().put(&place.stream, &[parcel(1)], &BTreeSet::new()).await.unwrap();
        let other = Folder::at(place.dir.path(), &CouncilId::from_bytes([2; 32])).unwrap();
        assert!(other.tips().await.unwrap().is_empty());
        other.look_round().await.unwrap();
        assert_eq!(other.traffic().foreign, 0);
    });
}

#[test]
fn a_half_written_file_gives_what_is_whole_of_it() {
    let place = Place::new();
    run(async {
        let folder = place.folder();
        folder.put(&place.stream, &[parcel(1), parcel(2)], &BTreeSet::new()).await.unwrap();
        let file = &place.segment_files()[0];
        let bytes = fs::read(file).unwrap();
        fs::write(file, &bytes[..bytes.len() - 5]).unwrap();
        let file = &folder.files(&place.stream).await.unwrap()[0];
        let unpacked = folder.fetch(&place.stream, file).await.unwrap().unwrap();
        assert!(unpacked.cut_short);
        assert_eq!(unpacked.segments, [parcel(1).bytes]);
        assert_eq!(folder.traffic().half_written, 1);
    });
}

#[test]
fn a_file_that_vanishes_is_not_an_error() {
    let place = Place::new();
    run(async {
        let folder = place.folder();
        folder.put(&place.stream, &[parcel(1)], &BTreeSet::new()).await.unwrap();
        let file = folder.files(&place.stream).await.unwrap().remove(0);
        fs::remove_file(&place.segment_files()[0]).unwrap();
        assert_eq!(folder.fetch(&place.stream, &file).await.unwrap(), None);
    });
}

#[test]
fn missing_and_read_only_are_told_apart() {
    let council = CouncilId::from_bytes([1; 32]);
    let nowhere = Folder::at(Path::new("/nowhere/at/all"), &council);
    assert_eq!(nowhere.map(|_| ()).unwrap_err(), CarrierError::Missing);
    let file = tempfile::NamedTempFile::new().unwrap();
    assert_eq!(Folder::at(file.path(), &council).map(|_| ()).unwrap_err(), CarrierError::Missing);
    // The kernel's own folder: it is there, and not even root may make one in it.
    let kernels = Folder::at(Path::new("/sys/kernel"), &council).unwrap();
    let place = Place::new();
    let put = run(async { kernels.put(&place.stream, &[parcel(1)], &BTreeSet::new()).await });
    assert_eq!(put, Err(CarrierError::ReadOnly));
}

#[test]
fn small_files_are_joined_and_nothing_is_lost() {
    let place = Place::new();
    run(async {
        let folder = place.folder();
        let mut passed = BTreeSet::new();
        for seq in 1..=300 {
            folder.put(&place.stream, &[parcel(seq)], &passed).await.unwrap();
            passed = BTreeSet::from([tip(seq)]);
            if seq % 16 == 0 {
                folder.tidy(&place.stream).await.unwrap();
            }
        }
        let files = place.segment_files().len();
        assert!(files <= 32, "{files}");
        let all = everything(&folder, &place.stream).await;
        assert_eq!(all, (1..=300).map(|seq| parcel(seq).bytes).collect::<Vec<_>>());
    });
}

#[test]
fn an_interrupted_joining_is_finished_later() {
    let place = Place::new();
    run(async {
        let folder = place.folder();
        for seq in 1..=16 {
            folder.put(&place.stream, &[parcel(seq)], &BTreeSet::new()).await.unwrap();
        }
        let small: Vec<(PathBuf, Vec<u8>)> =
            place.segment_files().into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
        folder.tidy(&place.stream).await.unwrap();
        assert_eq!(place.segment_files().len(), 1);
        for (path, bytes) in &small[..5] {
            fs::write(path, bytes).unwrap();
        }
        assert_eq!(everything(&folder, &place.stream).await.len(), 16);
        folder.tidy(&place.stream).await.unwrap();
        assert_eq!(place.segment_files().len(), 1);
    });
}

#[test]
fn calls_and_bytes_are_counted() {
    let place = Place::new();
    run(async {
        let folder = place.folder();
        folder.put(&place.stream, &[parcel(1)], &BTreeSet::new()).await.unwrap();
        let traffic = folder.traffic();
        // Put, read back, tip.
        assert_eq!(traffic.calls, 3);
        assert_eq!(traffic.bytes_out, 69 + 4 + 4);
        assert_eq!(traffic.bytes_in, 69 + 4);
        folder.tips().await.unwrap();
        assert_eq!(folder.traffic().bytes_in - traffic.bytes_in, 26 + 1 + 26 + 1 + 8 + 1 + 8);
    });
}

#[test]
fn one_thing_that_cannot_be_read_is_passed_over_and_counted() {
    let place = Place::new();
    let folder = place.folder();
    let name = carriers::name::roster(&Hash::from_bytes([3; 32]));
    let roster = place.dir.path().join(place.council.folder()).join("roster");
    fs::create_dir_all(&roster).unwrap();
    std::os::unix::fs::symlink(roster.join(&name), roster.join(&name)).unwrap();
    assert_eq!(run(folder.roster_entry(&name)), Ok(None));
    assert_eq!(folder.traffic().vanished, 1);
}

#[test]
fn a_snapshot_is_there_when_its_manifest_is_and_goes_whole() {
    let place = Place::new();
    let folder = place.folder();
    let scope = place.stream.scope;
    let (id, half) = (SnapshotId::from_bytes([5; 16]), SnapshotId::from_bytes([6; 16]));
    run(async {
        folder.put_chunk(&scope, &id, 0, b"rows").await.unwrap();
        folder.put_chunk(&scope, &id, 1, b"documents").await.unwrap();
        folder.put_chunk(&scope, &half, 0, b"rows").await.unwrap();
        assert_eq!(folder.snapshots(&scope).await.unwrap(), BTreeSet::new());
        folder.put_manifest(&scope, &id, b"manifest").await.unwrap();
        assert_eq!(folder.snapshots(&scope).await.unwrap(), BTreeSet::from([id]));
        assert_eq!(folder.snapshots(&ScopeId::from_bytes([9; 16])).await.unwrap(), BTreeSet::new());
        assert_eq!(folder.manifest(&scope, &id).await.unwrap().unwrap(), b"manifest");
        assert_eq!(folder.chunk(&scope, &id, 1).await.unwrap().unwrap(), b"documents");
        assert_eq!(folder.chunk(&scope, &id, 2).await.unwrap(), None);
    });
    let dir = place.files().into_iter().find(|path| path.ends_with("manifest")).unwrap();
    fs::write(dir.with_file_name("manifest (1)"), "manifest").unwrap();
    fs::write(dir.with_file_name("00000000-LAPTOP7"), "rows").unwrap();
    run(async {
        assert_eq!(folder.snapshots(&scope).await.unwrap(), BTreeSet::from([id]));
        let chunks: Vec<(usize, u64)> = folder.chunks(&scope, &id).await.unwrap().into_iter().collect();
        assert_eq!(chunks, [(0, 4), (1, 9)]);
        folder.remove_snapshot(&scope, &id).await.unwrap();
        assert_eq!(folder.snapshots(&scope).await.unwrap(), BTreeSet::new());
        assert_eq!(folder.chunks(&scope, &id).await.unwrap().len(), 0);
    });
    assert_eq!(place.files().len(), 3, "the conflict copies and the half-written one stay");
}

#[test]
fn a_file_that_a_snapshot_covers_can_be_taken_away() {
    let place = Place::new();
    let folder = place.folder();
    run(async {
        folder.put(&place.stream, &[parcel(1), parcel(2)], &BTreeSet::new()).await.unwrap();
        let files = folder.files(&place.stream).await.unwrap();
        folder.remove_file(&place.stream, &files[0]).await.unwrap();
        assert_eq!(folder.files(&place.stream).await.unwrap(), []);
    });
    assert_eq!(place.segment_files(), Vec::<PathBuf>::new());
}
