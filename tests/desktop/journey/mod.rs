//! A morning at a Talking Point, in the real window: the door and the table, both offline; they meet in a folder; the
//! office joins and sees who waits.
//!
//! Four data folders, as four laptops: the council's own (the demo council, which holds every scope), *Green Lane 5* at
//! the door (no key to casework), *Green Lane 6* at a table, and the office (no key to casework). One folder between
//! them.

mod council;
mod door;
mod meeting;
mod office;
mod table;

use anyhow::Result;
use talking_point_tests::desktop::Display;

use council::Morning;
pub(crate) use table::listed;

#[tokio::test]
async fn a_morning_at_a_talking_point() -> Result<()> {
    let display = Display::start("journey")?;
    let morning = Morning::with_folder(&display)?;

    let door = morning.newcomer("Green Lane 5", "volunteer", "Joan").await?;
    door::check_four_people_in(&door).await?;
    door::note_who_left(&door).await?;
    door::show_the_board(&door).await?;
    morning.share(&door).await?;

    let table = morning.newcomer("Green Lane 6", "worker", "Rhian").await?;
    morning.share(&table).await?;
    table::take(&table, "Mair").await?;
    table::have_the_conversation(&table).await?;
    table::point_to_two_listings(&table).await?;
    table::add_to_the_list(&table).await?;
    door::correct_and_step_outside(&door, "Mair").await?;

    meeting::both_changes_stand(&morning, &door, &table).await?;
    let own = morning.own_laptop("Priya").await?;
    meeting::a_number_changed_twice_asks(&morning, &table, &own).await?;
    own.stop().await?;

    let office = morning.newcomer("Office", "manager", "Derek").await?;
    office::sees_who_waits_without_names(&morning, &office).await?;
    office::sees_the_trend(&office).await?;
    office.stop().await?;
    door.stop().await?;
    table.stop().await
}
