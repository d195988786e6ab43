//! Fills a founded council with everything that is invented, some thousands of documents a transaction.

use automerge::AutoCommit;
use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Europe::London;
use sync_schema::document::person::{self, Field};
use sync_schema::{DocId, HubId, Instant, Kind};

use super::council::{self, HubPlan, TEAM};
use super::dice::Dice;
use super::listings::{listing, telephone};
use super::people::{self, PersonPlan};
use super::visits::{self, VisitPlan};
use super::waiting::{self, EntryPlan};
use super::write::{self, Ids, Pen};
use super::{Demo, PEOPLE};
use crate::error::HubError;
use crate::hub::Hub;
use crate::store::{Store, document};

/// So many documents are written at once.
const AT_ONCE: usize = 2_000;
/// Conversations are made for the visits of so many days.
const CONVERSATION_DAYS: i64 = 56;

/// Where it is written.
#[derive(Debug)]
pub(super) struct Site<'a> {
    pub(super) store: &'a Store,
    pub(super) actor: [u8; 16],
    pub(super) laptop: String,
    /// The hub that founding made.
    pub(super) home: HubId,
}

impl<'a> Site<'a> {
    pub(super) fn of(hub: &'a Hub) -> Self {
        Self { store: &hub.store, actor: hub.actor, laptop: hub.standing.laptop.clone(), home: hub.standing.home }
    }
}

/// How many of each there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Made {
    /// Hubs.
    pub hubs: u32,
    /// People who use the app.
    pub team: u32,
    /// People the council knows.
    pub people: u32,
    /// Visits, today's included.
    pub visits: u32,
    /// Conversations.
    pub conversations: u32,
    /// Places on waiting lists.
    pub entries: u32,
    /// People joining or leaving a list.
    pub events: u32,
    /// Listings.
    pub listings: u32,
}

/// How much of each a council of so many people has. Up to the usual size all grows alike; a much larger one is for
/// measuring search, and has no more history than can be made in a few minutes.
struct Sizes {
    visits: u32,
    entries: u32,
    listings: u32,
}

impl Sizes {
    fn of(people: u32) -> Self {
        let share = |of: u32, least: u32| (of * people.min(PEOPLE) / PEOPLE).max(least);
        let more = people.saturating_sub(PEOPLE);
        Self {
            visits: share(3_990, 150) + more / 4,
            entries: share(1_050, 60) + more / 10,
            listings: share(400, 30) + more / 10,
        }
    }
}

/// Everything that was drawn up before the first document is written.
pub(super) struct Plan {
    pub(super) demo: Demo,
    pub(super) now: Instant,
    pub(super) today: NaiveDate,
    pub(super) hubs: Vec<HubPlan>,
    pub(super) people: Vec<PersonPlan>,
    pub(super) visits: Vec<VisitPlan>,
    pub(super) entries: Vec<EntryPlan>,
    pub(super) listings: u32,
}

impl Plan {
    fn new(demo: Demo, now: Instant) -> Self {
        let local = London.from_utc_datetime(&now.to_utc().naive_utc());
        let (today, time) = (local.date_naive(), local.time());
        let sizes = Sizes::of(demo.people);
        let hubs = council::hubs(today, time);
        let people: Vec<PersonPlan> = (0..demo.people).map(|n| people::person(demo.seed, n, today)).collect();
        let visits = visits::plan(demo.seed, sizes.visits, people.len(), &hubs, today);
        let entries = waiting::plan(demo.seed, sizes.entries, &hubs, today);
        Self { demo, now, today, hubs, people, visits, entries, listings: sizes.listings }
    }

    /// A time of a past day, where the hub is.
    pub(super) fn at(&self, day: NaiveDate, minute: u32) -> Instant {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(minute.min(24 * 60 - 1) * 60, 0).unwrap_or_default();
        let at = London.from_local_datetime(&day.and_time(time)).earliest();
        at.map_or(self.now, |at| Instant::from_millis(at.timestamp_millis()))
    }

    /// So many minutes ago, but not before today began.
    pub(super) fn ago(&self, minutes: u32) -> Instant {
        let then = self.now.plus_millis(-TimeDelta::minutes(i64::from(minutes)).num_milliseconds());
        then.max(self.at(self.today, 0))
    }

    /// True for visits that a conversation is made for: of the last weeks, with a person and a worker.
    pub(super) fn has_conversation(&self, visit: &VisitPlan) -> bool {
        let recent = self.today.signed_duration_since(visit.day).num_days() <= CONVERSATION_DAYS;
        recent && visit.person.is_some() && visit.with_worker.is_some()
    }
}

/// Writes the whole council, and says what there is.
///
/// # Errors
/// The store's own.
pub(super) fn fill(site: &Site<'_>, demo: Demo, now: Instant) -> Result<Made, HubError> {
    let plan = Plan::new(demo, now);
    let ids = Ids::new(demo.seed, site.home);
    let pen = Pen { plan: &plan, ids: &ids, actor: site.actor, laptop: &site.laptop };
    home(site, &pen)?;
    draw(&pen, &mut |docs| put(site.store, docs))
}

/// Every document that [`fill`] would write for a council whose first hub has this id, in that order, in no store.
///
/// # Errors
/// Of the documents' own making.
pub(super) fn documents(demo: Demo, home: HubId, now: Instant) -> Result<Vec<(Kind, DocId, AutoCommit)>, HubError> {
    let plan = Plan::new(demo, now);
    let ids = Ids::new(demo.seed, home);
    let pen = Pen { plan: &plan, ids: &ids, actor: [1; 16], laptop: council::FIRST_LAPTOP };
    let mut all = Vec::new();
    if let Some(hub) = plan.hubs.first() {
        all.push(pen.hub(0, hub)?);
    }
    draw(&pen, &mut |docs| {
        let before = all.len();
        for doc in docs {
            all.push(doc?);
        }
        Ok(u32::try_from(all.len() - before).unwrap_or(u32::MAX))
    })?;
    Ok(all)
}

/// Takes documents one after the other, and counts them.
type Take<'a> = &'a mut dyn FnMut(&mut dyn Iterator<Item = write::Made>) -> Result<u32, HubError>;

/// Draws every document but the first hub, and says what there is.
fn draw(pen: &Pen<'_>, take: Take<'_>) -> Result<Made, HubError> {
    let (plan, seed) = (pen.plan, pen.plan.demo.seed);
    take(&mut plan.hubs.iter().enumerate().skip(1).map(|(n, hub)| pen.hub(n, hub)))?;
    let team = take(&mut TEAM.iter().enumerate().map(|(n, (name, role, _))| pen.team_member(n, name, *role)))?;
    let listings = take(&mut (0..plan.listings).map(|n| pen.listing(&listing(seed, n, plan.today))))?;
    let visits = take(&mut plan.visits.iter().map(|visit| pen.visit(visit)))?;
    let today = take(&mut super::today::VISITORS.iter().enumerate().map(|(n, visitor)| pen.visitor(n, visitor)))?;
    let linked = write::visits_by_person(plan);
    let people = plan.people.iter().enumerate();
    let people = take(&mut people.map(|(n, p)| pen.person(n, p, linked.get(n).map_or(&[], Vec::as_slice))))?;
    let mut recent =
        plan.visits.iter().filter(|visit| plan.has_conversation(visit)).map(|visit| pen.conversation(visit));
    let conversations = take(&mut recent)?;
    let entries = take(&mut plan.entries.iter().enumerate().map(|(n, entry)| pen.entry(n, entry)))?;
    let left = plan.entries.iter().filter(|entry| entry.closed.is_some()).count();
    Ok(Made {
        hubs: u32::try_from(plan.hubs.len()).unwrap_or(u32::MAX),
        team,
        people,
        visits: visits + today,
        conversations,
        entries,
        events: entries + u32::try_from(left).unwrap_or(u32::MAX),
        listings,
    })
}

/// The hub that founding made becomes the demo's first; where nothing was founded, it is made.
fn home(site: &Site<'_>, pen: &Pen<'_>) -> Result<(), HubError> {
    let Some(hub) = pen.plan.hubs.first() else { return Ok(()) };
    site.store.write(|tx| {
        if document::find(tx.connection(), DocId::from(site.home))?.is_none() {
            let (kind, id, doc) = pen.hub(0, hub)?;
            return tx.create(kind, id, doc);
        }
        tx.edit(site.home, |doc| sync_schema::document::hub::update(doc, &write::hub_document(hub), &pen.office()))
    })
}

/// From an older copy of one person, another telephone number: as a second laptop would that had not met the first.
/// The site must be of another run than the one that filled it, since one run cannot disagree with itself.
///
/// # Errors
/// The store's own.
pub(super) fn disagree(site: &Site<'_>, demo: Demo, now: Instant) -> Result<(), HubError> {
    let plan = Plan::new(Demo { people: 1, ..demo }, now);
    let ids = Ids::new(demo.seed, site.home);
    let pen = Pen { plan: &plan, ids: &ids, actor: site.actor, laptop: council::SECOND_LAPTOP };
    let there = telephone(&mut Dice::new(demo.seed, "disagree", 1));
    let failed = |_| HubError::unexpected("demo/disagree");
    site.store.write(|tx| {
        tx.edit(ids.person(0), |doc| {
            let first: Vec<_> = doc.get_changes(&[]).first().map(|change| change.hash()).into_iter().collect();
            let mut older = doc.fork_at(&first).map_err(failed)?;
            person::put(&mut older, Field::Phone, &there, &pen.by("Priya", plan.ago(45)))?;
            doc.merge(&mut older).map_err(failed)?;
            Ok::<_, HubError>(())
        })
    })
}

/// Writes documents as they are made.
fn put(store: &Store, docs: &mut dyn Iterator<Item = write::Made>) -> Result<u32, HubError> {
    let mut docs = docs.peekable();
    let mut count = 0;
    while docs.peek().is_some() {
        count += store.write(|tx| {
            let some: Vec<_> = docs.by_ref().take(AT_ONCE).collect::<Result<_, _>>()?;
            tx.insert_bulk(some)
        })?;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sync_schema::document::{conversation, hub, listing, team_member, visit, waiting_entry};
    use zeroize::Zeroizing;

    use super::*;

    /// Tuesday 24 November 2026, 10:40.
    const NOW: Instant = Instant::from_millis(1_795_516_800_000);

    fn council(dir: &std::path::Path, demo: Demo) -> (Store, Made) {
        let store = Store::create(&dir.join("db"), &Zeroizing::new([7; 32])).unwrap();
        store.begin_run([1; 16]);
        let site =
            |actor| Site { store: &store, actor, laptop: "Green Lane 1".into(), home: HubId::from_bytes([3; 16]) };
        let made = fill(&site([1; 16]), demo, NOW).unwrap();
        store.begin_run([2; 16]);
        disagree(&site([2; 16]), demo, NOW).unwrap();
        (store, made)
    }

    fn documents(store: &Store) -> BTreeMap<DocId, (String, Vec<u8>)> {
        let mut all = BTreeMap::new();
        store
            .read(|rows| {
                document::for_each(rows, None, |d| {
                    all.insert(d.id, (d.kind, d.saved));
                    Ok(())
                })
            })
            .unwrap();
        all
    }

    #[test]
    fn the_same_seed_and_time_make_the_same_council() {
        let (a, b, c) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let demo = Demo { seed: 5, people: 40 };
        let (first, made) = council(a.path(), demo);
        let (second, again) = council(b.path(), demo);
        let (other, _) = council(c.path(), Demo { seed: 6, ..demo });
        assert_eq!(made, again);
        assert!(documents(&first) == documents(&second), "two councils of one seed differ");
        assert!(documents(&first) != documents(&other), "two seeds made one council");
    }

    #[test]
    fn what_is_drawn_for_no_store_is_what_is_written_into_one() {
        let dir = tempfile::tempdir().unwrap();
        let demo = Demo { seed: 5, people: 40 };
        let (store, made) = council(dir.path(), demo);
        let drawn = super::documents(demo, HubId::from_bytes([3; 16]), NOW).unwrap();
        let drawn: BTreeMap<_, _> = drawn.into_iter().map(|(kind, id, _)| (id, kind.code().to_owned())).collect();
        let kept: BTreeMap<_, _> = documents(&store).into_iter().map(|(id, (kind, _))| (id, kind)).collect();
        assert_eq!(drawn, kept);
        assert!(drawn.len() > made.people as usize + made.visits as usize);
    }

    #[test]
    fn every_document_is_whole_and_one_telephone_is_in_question() {
        let dir = tempfile::tempdir().unwrap();
        let (store, made) = council(dir.path(), Demo { seed: 5, people: 40 });
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut questions = Vec::new();
        for (kind, saved) in documents(&store).into_values() {
            *counts.entry(kind.clone()).or_default() += 1;
            let doc = AutoCommit::load(&saved).unwrap();
            match Kind::from_code(&kind).unwrap() {
                Kind::Hub => assert!(!hub::read(&doc).unwrap().sessions.is_empty()),
                Kind::TeamMember => assert!(team_member::read(&doc).unwrap().active),
                Kind::Listing => assert!(!listing::read(&doc).unwrap().name.is_empty()),
                Kind::Visit => assert!(visit::read(&doc).unwrap().ticket.is_some()),
                Kind::Conversation => assert!(conversation::read(&doc).unwrap().finished_at.is_some()),
                Kind::WaitingEntry => assert!(waiting_entry::read(&doc).unwrap().person.is_some()),
                Kind::Person => {
                    questions.extend(person::questions(&doc).unwrap());
                    if let Some(phone) = person::read(&doc).unwrap().phone {
                        assert!(phone.starts_with("01632 960") || phone.starts_with("07700 900"), "{phone}");
                    }
                }
                Kind::Council => {}
            }
        }
        let of = |kind: Kind| counts.get(kind.code()).copied().unwrap_or_default();
        let want = [made.hubs, made.team, made.people, made.visits, made.conversations, made.entries, made.listings];
        let kinds = [
            Kind::Hub,
            Kind::TeamMember,
            Kind::Person,
            Kind::Visit,
            Kind::Conversation,
            Kind::WaitingEntry,
            Kind::Listing,
        ];
        assert_eq!(kinds.map(of), want);
        assert!(made.conversations > 0 && made.people == 40);
        let [question] = questions.as_slice() else { panic!("{} questions", questions.len()) };
        assert_eq!((question.field, question.values.len()), (Field::Phone, 2));
        let laptops: Vec<&str> = question.values.iter().map(|v| v.laptop.as_str()).collect();
        assert!(laptops.contains(&"Green Lane 1") && laptops.contains(&"Green Lane 2"), "{laptops:?}");
    }

    #[test]
    fn the_usual_size() {
        let plan = Plan::new(Demo::default(), NOW);
        let left = plan.entries.iter().filter(|e| e.closed.is_some()).count();
        assert_eq!(plan.people.len(), 1_500);
        assert_eq!(plan.visits.len() + super::super::today::VISITORS.len(), 4_000);
        assert!((1_900..2_100).contains(&(plan.entries.len() + left)), "{}", plan.entries.len() + left);
        let recent = plan.visits.iter().filter(|v| plan.has_conversation(v)).count();
        assert!((150..600).contains(&recent), "{recent}");
        let oldest = plan.visits.iter().map(|v| v.day).min().unwrap();
        assert!(plan.today.signed_duration_since(oldest).num_days() > 700);
    }

    #[test]
    fn today_has_a_session_and_a_queue_at_any_hour_of_any_day() {
        for hours in 0..24 * 8 {
            let now = NOW.plus_millis(i64::from(hours) * 3_600_000 + 60_000);
            let plan = Plan::new(Demo { seed: 1, people: 0 }, now);
            let weekday = u8::try_from(chrono::Datelike::weekday(&plan.today).number_from_monday()).unwrap();
            let (_, span) = plan.hubs[0].sessions.iter().find(|s| s.0 == weekday).unwrap();
            let (opens, closes) = span.split_once('-').unwrap();
            let local = London.from_utc_datetime(&now.to_utc().naive_utc()).format("%H:%M").to_string();
            assert!(opens <= local.as_str() && local.as_str() <= closes, "{local} in {span}");
            assert!(plan.ago(58) >= plan.at(plan.today, 0));
        }
    }
}
