//! A folder between the laptops, and what happens to folders.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::dice::Dice;
use crate::laptop::{copy, files_below};

/// A folder that everyone can reach, when it is there.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    away: PathBuf,
    earlier: PathBuf,
    pub(crate) here: bool,
    /// A part of it in whose place a file stands, so that an exchange fails there, half done.
    blocked: Option<PathBuf>,
    /// True once something in it was no longer what had been written.
    pub(crate) spoilt: bool,
}

/// Foul weather. What spoils takes something out of the folder that had been put there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    ConflictCopy,
    Foreign,
    FlipBit,
    CutShort,
    Remove,
    RemoveSome,
    Remember,
    PutBack,
    PutOneBack,
}

impl Weather {
    pub(crate) fn spoils(self) -> bool {
        matches!(
            self,
            Self::FlipBit | Self::CutShort | Self::Remove | Self::RemoveSome | Self::PutBack | Self::PutOneBack
        )
    }
}

impl Folder {
    pub(crate) fn new(place: &Path, number: usize) -> Result<Self> {
        let beside = |tail: &str| place.join(format!("folder-{number}{tail}"));
        fs::create_dir_all(beside(""))?;
        Ok(Self {
            path: beside(""),
            away: beside("-away"),
            earlier: beside("-earlier"),
            here: true,
            blocked: None,
            spoilt: false,
        })
    }

    /// Takes the folder away, or brings it back.
    pub(crate) fn set_here(&mut self, here: bool) -> Result<()> {
        match (self.here, here) {
            (true, false) => fs::rename(&self.path, &self.away)?,
            (false, true) => fs::rename(&self.away, &self.path)?,
            _ => {}
        }
        self.here = here;
        Ok(())
    }

    /// Puts a file in the place of a part of the folder, or the part back.
    pub(crate) fn block_or_free(&mut self, dice: &mut Dice) -> Result<()> {
        if self.blocked.is_some() {
            return self.free();
        }
        let part = dice.pick(&["roster", "seen", "seg", "tip"]).unwrap_or("tip");
        let councils = fs::read_dir(self.place())?.collect::<Result<Vec<_>, _>>()?;
        let Some(path) = councils.first().map(|council| council.path().join(part)).filter(|path| path.is_dir()) else {
            return Ok(());
        };
        fs::rename(&path, path.with_extension("aside"))?;
        fs::write(&path, b"in the way")?;
        self.blocked = Some(path.strip_prefix(self.place())?.to_owned());
        Ok(())
    }

    /// Nothing stands in the way any more.
    pub(crate) fn free(&mut self) -> Result<()> {
        let Some(part) = self.blocked.take() else { return Ok(()) };
        let path = self.place().join(part);
        drop(fs::remove_file(&path));
        if !path.exists() && path.with_extension("aside").exists() {
            fs::rename(path.with_extension("aside"), &path)?;
        }
        Ok(())
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.blocked.is_some()
    }

    /// Where its files are now.
    pub(crate) fn place(&self) -> &Path {
        if self.here { &self.path } else { &self.away }
    }

    /// Says what happened.
    pub(crate) fn suffer(&mut self, weather: Weather, dice: &mut Dice) -> Result<String> {
        let files = files_below(self.place())?;
        let at = dice.below(files.len());
        let Some(file) = files.get(at) else { return Ok("nothing to spoil".to_owned()) };
        let name = file.strip_prefix(self.place())?.display().to_string();
        match weather {
            Weather::ConflictCopy => {
                let tail = dice.pick(&[" (1)", "-LAPTOP7", ".tmp", "~"]).unwrap_or(".tmp");
                fs::copy(file, format!("{}{tail}", file.display()))?;
            }
            Weather::Foreign => {
                fs::write(file.with_file_name(format!("Rota {}.xlsx", dice.below(9))), b"rota")?;
            }
            Weather::FlipBit => {
                let mut bytes = fs::read(file)?;
                let bit = dice.below(bytes.len() * 8);
                if let Some(byte) = bytes.get_mut(bit / 8) {
                    *byte ^= 1 << (bit % 8);
                }
                fs::write(file, bytes)?;
                self.spoilt = true;
            }
            Weather::CutShort => {
                let bytes = fs::read(file)?;
                fs::write(file, &bytes[..dice.below(bytes.len())])?;
                self.spoilt = true;
            }
            Weather::Remove => fs::remove_file(file)?,
            Weather::RemoveSome => {
                for file in files.iter().filter(|_| dice.chance(25)) {
                    fs::remove_file(file)?;
                }
            }
            Weather::Remember => {
                drop(fs::remove_dir_all(&self.earlier));
                copy(self.place(), &self.earlier)?;
            }
            Weather::PutBack if self.earlier.exists() => {
                fs::remove_dir_all(self.place())?;
                copy(&self.earlier, self.place())?;
            }
            Weather::PutOneBack if self.earlier.exists() => {
                let old = files_below(&self.earlier)?;
                let Some(old) = old.get(dice.below(old.len())) else { return Ok("nothing to put back".to_owned()) };
                let there = self.place().join(old.strip_prefix(&self.earlier)?);
                if there.parent().is_some_and(Path::is_dir) {
                    fs::copy(old, there)?;
                }
            }
            Weather::PutBack | Weather::PutOneBack => {}
        }
        Ok(format!("{weather:?} {name}"))
    }
}
