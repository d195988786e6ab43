//! What befalls laptops and folders: clocks jump, power fails, data folders are put back and copied, folders go and spoil.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::dice::Dice;
use crate::folder::Weather;
use crate::laptop::{Journal, Laptop, TEN, copy};
use crate::story::Story;

impl Story {
    pub(crate) fn jump(&mut self, who: usize) -> Result<()> {
        let day = 86_400_000;
        let by = self.dice.between(-3 * 365 * day, 3 * 365 * day);
        let to = if self.dice.chance(30) { TEN } else { TEN.plus_millis(by) };
        self.laptops[who].world.set(to);
        self.tell(who, &format!("its clock says {}", to.to_utc()));
        Ok(())
    }

    pub(crate) fn restart(&mut self, who: usize) -> Result<()> {
        self.tell(who, "closes and opens");
        self.laptops[who].stop();
        self.laptops[who].start()
    }

    pub(crate) fn pull_the_plug(&mut self, who: usize) -> Result<()> {
        self.tell(who, "loses power");
        let image = self.place.join("plug-pulled");
        self.laptops[who].image(&image)?;
        self.laptops[who].put_back(&image, false)
    }

    pub(crate) fn back_up(&mut self, who: usize) -> Result<()> {
        self.tell(who, "is backed up");
        let image = self.place.join(format!("backup-{who}"));
        self.laptops[who].image(&image)?;
        self.backups[who] = Some(image);
        Ok(())
    }

    pub(crate) fn put_back(&mut self, who: usize) -> Result<()> {
        let Some(image) = self.backups[who].clone() else { return Ok(()) };
        let database_alone = self.dice.chance(40);
        self.tell(who, if database_alone { "its database is put back" } else { "its data folder is put back" });
        self.laptops[who].put_back(&image, database_alone)?;
        self.expected.put_back(&self.laptops)
    }

    pub(crate) fn copy(&mut self, who: usize) -> Result<()> {
        if self.laptops.len() > 7 {
            return Ok(());
        }
        let same_machine = self.dice.chance(40);
        self.tell(who, if same_machine { "is copied as a disk image" } else { "is copied to another machine" });
        let (dir, seed) = self.next()?;
        self.laptops[who].stop();
        let clone = Laptop::clone_of(&self.laptops[who], dir, seed, same_machine)?;
        self.laptops[who].start()?;
        self.laptops.push(clone);
        self.backups.push(None);
        Ok(())
    }

    /// The power fails while a laptop exchanges: of what it wrote on its own disk meanwhile only the first part is there,
    /// and of what it put in the folder perhaps nothing.
    pub(crate) fn crash_while_exchanging(&mut self, who: usize) -> Result<()> {
        let folder = self.dice.below(self.folders.len());
        self.folders[folder].free()?;
        let (image, there) = (self.place.join("crashed"), self.folders[folder].place().to_owned());
        let lost = self.dice.chance(40);
        let earlier = self.place.join("folder-before");
        drop(fs::remove_dir_all(&earlier));
        copy(&there, &earlier)?;
        let began = self.laptops[who].journal()?;
        self.exchange_with(who, folder)?;
        self.laptops[who].image(&image)?;
        let told = crashed(&mut self.dice, &image, &began)?;
        self.laptops[who].put_back(&image, false)?;
        self.tell(who, &format!("loses power meanwhile: {told}{}", if lost { ", the folder forgets" } else { "" }));
        if lost {
            fs::remove_dir_all(&there)?;
            copy(&earlier, &there)?;
            self.expected.spoiled(folder, &self.laptops)?;
        }
        Ok(())
    }

    pub(crate) fn folder_comes_or_goes(&mut self) -> Result<()> {
        let at = self.dice.below(self.folders.len());
        let here = !self.folders[at].here;
        self.told.push(format!("folder {at} {}", if here { "comes back" } else { "goes away" }));
        self.folders[at].set_here(here)
    }

    pub(crate) fn folder_fails_half_way(&mut self) -> Result<()> {
        let at = self.dice.below(self.folders.len());
        self.folders[at].block_or_free(&mut self.dice)?;
        let fails = if self.folders[at].is_blocked() { "fails half-way" } else { "is well again" };
        self.told.push(format!("folder {at} {fails}"));
        Ok(())
    }

    pub(crate) fn weather(&mut self) -> Result<()> {
        let mut kinds = vec![(3, Weather::ConflictCopy), (2, Weather::Foreign)];
        if self.climate.spoils {
            kinds.extend([(3, Weather::FlipBit), (3, Weather::CutShort), (3, Weather::Remove)]);
            kinds.extend([
                (1, Weather::RemoveSome),
                (3, Weather::Remember),
                (2, Weather::PutBack),
                (3, Weather::PutOneBack),
            ]);
        }
        let weather = self.dice.weighed(&kinds);
        let at = self.dice.below(self.folders.len());
        self.folders[at].free()?;
        let what = self.folders[at].suffer(weather, &mut self.dice)?;
        self.told.push(format!("folder {at}: {what}"));
        if weather.spoils() { self.expected.spoiled(at, &self.laptops) } else { Ok(()) }
    }
}

/// Cuts what was written into a data folder's journal since `began` short, somewhere. Says where.
fn crashed(dice: &mut Dice, image: &Path, began: &Journal) -> Result<String> {
    let now = Journal::of(image)?;
    // Begun anew, all that was in it before is in the database itself.
    let before = if now.life == began.life { began.length } else { 0 };
    if now.length <= before {
        return Ok("it had written nothing".to_owned());
    }
    let kept = dice.below((now.length - before) as usize) as u64;
    fs::OpenOptions::new().write(true).open(image.join(Journal::NAME))?.set_len(before + kept)?;
    Ok(format!("{kept} of {} bytes were kept", now.length - before))
}
