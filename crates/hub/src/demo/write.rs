//! What was drawn up, as documents: made and edited through `sync-schema` alone, as any other record is.

use automerge::AutoCommit;
use chrono::NaiveDate;
use sync_schema::document::conversation::{self, NewAction, NewConversation, NewSignpost};
use sync_schema::document::person::{self, BornOn, Field, NewPerson};
use sync_schema::document::visit::{self, EventKind as Queue, NewVisit};
use sync_schema::document::waiting_entry::{self, EventKind as Happened, NewEntry, Outcome};
use sync_schema::document::{hub, listing, team_member};
use sync_schema::{
    ActionId, CalendarDate, ConversationId, DocId, Edit, EntryId, EventId, HubId, Instant, Kind, PersonId, SignpostId,
    TeamMemberId, Ticket, Tool, VisitId,
};

use super::council::{HubPlan, TEAM};
use super::dice::Dice;
use super::fill::Plan;
use super::listings::{listing as invented, telephone};
use super::people::PersonPlan;
use super::today::{Then, Visitor};
use super::visits::{VisitPlan, said};
use super::waiting::EntryPlan;
use super::words::{AGREED, BAD_DAYS, CIRCLES, GOOD_DAYS, NOTES, OFFERS};
use crate::error::HubError;
use crate::import_directory::{Listed, listing_id};
use crate::view::shell::Role;

/// A document on its way into the store.
pub(super) type Made = Result<(Kind, DocId, AutoCommit), HubError>;

/// Ids, each from the seed and its number.
#[derive(Debug)]
pub(super) struct Ids {
    seed: u64,
    home: HubId,
}

impl Ids {
    pub(super) const fn new(seed: u64, home: HubId) -> Self {
        Self { seed, home }
    }

    fn id(&self, what: &str, number: usize) -> [u8; 16] {
        Dice::new(self.seed, what, number as u64).id()
    }

    /// The first hub is the one that founding made.
    pub(super) fn hub(&self, number: usize) -> HubId {
        if number == 0 { self.home } else { HubId::from_bytes(self.id("hub id", number)) }
    }

    fn team(&self, number: usize) -> TeamMemberId {
        TeamMemberId::from_bytes(self.id("team id", number))
    }

    pub(super) fn person(&self, number: usize) -> PersonId {
        PersonId::from_bytes(self.id("person id", number))
    }

    fn visit(&self, number: u32) -> VisitId {
        VisitId::from_bytes(self.id("visit id", number as usize))
    }

    /// The conversation that a visit led to.
    fn conversation(&self, visit: u32) -> ConversationId {
        ConversationId::from_bytes(self.id("conversation id", visit as usize))
    }
}

/// Writes documents, as different people at different times.
#[derive(Clone, Copy)]
pub(super) struct Pen<'a> {
    pub(super) plan: &'a Plan,
    pub(super) ids: &'a Ids,
    pub(super) actor: [u8; 16],
    pub(super) laptop: &'a str,
}

impl Pen<'_> {
    /// Someone of the team writes.
    pub(super) fn by(&self, name: &str, now: Instant) -> Edit {
        let number = TEAM.iter().position(|member| member.0 == name).unwrap_or_default();
        Edit {
            actor: self.actor,
            now,
            by: self.ids.team(number),
            by_name: name.to_owned(),
            laptop: self.laptop.to_owned(),
        }
    }

    /// The office writes, a while before anyone comes.
    pub(super) fn office(&self) -> Edit {
        self.by("Derek", self.plan.at(self.plan.today, 0))
    }

    fn dice(&self, what: &str, number: usize) -> Dice {
        Dice::new(self.plan.demo.seed, what, number as u64)
    }

    pub(super) fn hub(&self, number: usize, plan: &HubPlan) -> Made {
        let id = self.ids.hub(number);
        Ok((Kind::Hub, id.into(), hub::create(id, &hub_document(plan), &self.office())?))
    }

    pub(super) fn team_member(&self, number: usize, name: &str, role: Role) -> Made {
        let id = self.ids.team(number);
        let new = team_member::TeamMember { name: name.to_owned(), role: role.code().to_owned(), active: true };
        Ok((Kind::TeamMember, id.into(), team_member::create(id, &new, &self.office())?))
    }

    pub(super) fn listing(&self, listed: &Listed) -> Made {
        let id = listing_id(&listed.source_id);
        Ok((Kind::Listing, id.into(), listing::create(id, &listed.listing(), &self.office())?))
    }

    pub(super) fn visit(&self, plan: &VisitPlan) -> Made {
        let mut dice = self.dice("visit events", plan.number as usize);
        let person = plan.person.and_then(|n| self.plan.people.get(n));
        let said = said(self.plan.demo.seed, plan, person);
        let came_at = self.plan.at(plan.day, plan.minute);
        let new = NewVisit {
            hub: self.ids.hub(plan.hub),
            came_at,
            name: said.name,
            reason: said.reason.to_owned(),
            needs: said.needs,
            interpreter: said.interpreter.map(str::to_owned),
            been_before: said.been_before,
            companion: said.companion.map(str::to_owned),
            ticket: ticket(plan.letter, plan.ticket, plan.day),
        };
        let id = self.ids.visit(plan.number);
        let mut doc = visit::create(id, new, &self.by(at_hub(plan.hub, Role::Volunteer), came_at))?;
        let taken = self.plan.at(plan.day, plan.minute + plan.waited);
        let mut note =
            |kind, by: &str, at| visit::note_event(&mut doc, EventId::from_bytes(dice.id()), kind, &self.by(by, at));
        match plan.with_worker {
            Some(minutes) => {
                let worker = at_hub(plan.hub, Role::Worker);
                note(Queue::Taken { conversation: self.ids.conversation(plan.number) }, worker, taken)?;
                note(Queue::Done, worker, self.plan.at(plan.day, plan.minute + plan.waited + minutes))?;
            }
            None => note(Queue::Left, at_hub(plan.hub, Role::Volunteer), taken)?,
        }
        Ok((Kind::Visit, id.into(), doc))
    }

    pub(super) fn visitor(&self, number: usize, visitor: &Visitor) -> Made {
        let mut dice = self.dice("today", number);
        let came_at = self.plan.ago(visitor.came);
        let new = NewVisit {
            hub: self.ids.hub(0),
            came_at,
            name: visitor.name.map(str::to_owned),
            reason: visitor.reason.to_owned(),
            needs: visitor.needs.to_vec(),
            interpreter: visitor.interpreter.map(str::to_owned),
            been_before: visitor.been_before,
            companion: visitor.companion.map(str::to_owned),
            ticket: ticket(visitor.letter, visitor.number, self.plan.today),
        };
        let id = VisitId::from_bytes(dice.id());
        let mut doc = visit::create(id, new, &self.by("Joan", came_at))?;
        let conversation = ConversationId::from_bytes(dice.id());
        let mut note = |kind, by: &str, ago| {
            visit::note_event(&mut doc, EventId::from_bytes(dice.id()), kind, &self.by(by, self.plan.ago(ago)))
        };
        match visitor.then {
            Then::Waits => {}
            Then::With(worker, since) => note(Queue::Taken { conversation }, worker, since)?,
            Then::Seen(worker, from, to) => {
                note(Queue::Taken { conversation }, worker, from)?;
                note(Queue::Done, worker, to)?;
            }
            Then::Left(when) => note(Queue::Left, "Joan", when)?,
        }
        Ok((Kind::Visit, id.into(), doc))
    }

    pub(super) fn person(&self, number: usize, plan: &PersonPlan, visits: &[u32]) -> Made {
        let id = self.ids.person(number);
        let first = visits.first().and_then(|v| self.plan.visits.get(*v as usize));
        let known_at = first.map_or(self.plan.at(self.plan.today, 0), |v| self.plan.at(v.day, v.minute + v.waited));
        let new = NewPerson {
            name: plan.name.clone(),
            phone: plan.phone.clone(),
            postcode: plan.postcode.clone(),
            born_on: plan.born_on.map(|(on, approximate)| BornOn { on: CalendarDate::new(on), approximate }),
            needs: plan.needs.clone(),
        };
        let mut doc = person::create(id, new, &self.by(at_hub(first.map_or(0, |v| v.hub), Role::Worker), known_at))?;
        for visit in visits.iter().filter_map(|v| self.plan.visits.get(*v as usize)) {
            let at = self.plan.at(visit.day, visit.minute + visit.waited);
            person::link_visit(&mut doc, self.ids.visit(visit.number), &self.by(at_hub(visit.hub, Role::Worker), at))?;
        }
        if number == 0 {
            let changed = telephone(&mut self.dice("disagree", 0));
            person::put(&mut doc, Field::Phone, &changed, &self.by("Rhian", self.plan.ago(50)))?;
        }
        Ok((Kind::Person, id.into(), doc))
    }

    pub(super) fn conversation(&self, plan: &VisitPlan) -> Made {
        let mut dice = self.dice("conversation", plan.number as usize);
        let id = self.ids.conversation(plan.number);
        let person = plan.person.unwrap_or_default();
        let (begins, lasts) = (plan.minute + plan.waited, plan.with_worker.unwrap_or_default());
        let worker = at_hub(plan.hub, Role::Worker);
        let at = |minutes: u32| self.by(worker, self.plan.at(plan.day, begins + minutes));
        let own_words = said(self.plan.demo.seed, plan, self.plan.people.get(person)).reason.to_owned();
        let new =
            NewConversation { person: self.ids.person(person), visit: Some(self.ids.visit(plan.number)), own_words };
        let mut doc = conversation::create(id, new, &at(0))?;
        conversation::write(&mut doc, Tool::GoodDay, dice.pick(GOOD_DAYS), &at(lasts / 4))?;
        conversation::write(&mut doc, Tool::BadDay, dice.pick(BAD_DAYS), &at(lasts / 3))?;
        for (tool, texts) in [(Tool::Circle, CIRCLES), (Tool::Offer, OFFERS)] {
            if dice.chance(55) {
                conversation::write(&mut doc, tool, dice.pick(texts), &at(lasts / 2))?;
            }
        }
        conversation::write(&mut doc, Tool::Notes, dice.pick(NOTES), &at(lasts / 2))?;
        for _ in 0..dice.between(0, 2) {
            let (who, what) = dice.pick(AGREED);
            let by_when =
                dice.chance(60).then(|| CalendarDate::new(plan.day).plus_days(i64::from(dice.between(2, 20))));
            let action = NewAction { who: who.to_owned(), what: what.to_owned(), by_when };
            conversation::agree(&mut doc, ActionId::from_bytes(dice.id()), &action, &at(lasts))?;
        }
        for _ in 0..dice.between(0, 2) {
            let listed = invented(self.plan.demo.seed, dice.below(self.plan.listings), self.plan.today);
            let to = NewSignpost {
                listing: listing_id(&listed.source_id),
                name: listed.name,
                when: listed.when,
                checked_on: listed.checked_on.map(CalendarDate::new),
            };
            conversation::signpost(&mut doc, SignpostId::from_bytes(dice.id()), &to, &at(lasts))?;
        }
        conversation::finish(&mut doc, EventId::from_bytes(dice.id()), &at(lasts))?;
        Ok((Kind::Conversation, id.into(), doc))
    }

    pub(super) fn entry(&self, number: usize, plan: &EntryPlan) -> Made {
        let mut dice = self.dice("entry", number);
        let id = EntryId::from_bytes(dice.id());
        let people = u32::try_from(self.plan.people.len()).unwrap_or(u32::MAX);
        let worker = at_hub(plan.hub, Role::Worker);
        let on = |day: NaiveDate| self.by(worker, self.plan.at(day, 11 * 60));
        let new = NewEntry {
            person: self.ids.person(dice.below(people) as usize),
            kind: plan.kind,
            hub: self.ids.hub(plan.hub),
            locality: self.plan.hubs.get(plan.hub).map(|hub| hub.locality.to_owned()),
            requested_on: CalendarDate::new(plan.requested),
            band: plan.band,
        };
        let events = [EventId::from_bytes(dice.id()), EventId::from_bytes(dice.id())];
        let mut doc = waiting_entry::create(id, new, events, &on(plan.requested))?;
        let mut note =
            |kind: Happened, day| waiting_entry::note_event(&mut doc, EventId::from_bytes(dice.id()), &kind, &on(day));
        for (day, due) in &plan.contacts {
            note(Happened::Contacted { next_due: Some(CalendarDate::new(*due)) }, *day)?;
        }
        if let Some((day, outcome)) = plan.closed {
            note(Happened::Closed { on: CalendarDate::new(day), outcome: Outcome::from_code(outcome) }, day)?;
        }
        Ok((Kind::WaitingEntry, id.into(), doc))
    }
}

/// A hub as its document holds it.
pub(super) fn hub_document(plan: &HubPlan) -> hub::Hub {
    hub::Hub {
        name: plan.name.to_owned(),
        locality: Some(plan.locality.to_owned()),
        opened_on: Some(CalendarDate::new(plan.opened)),
        sessions: plan.sessions.clone(),
    }
}

/// Each person's visits, oldest first, by their place in the plan.
pub(super) fn visits_by_person(plan: &Plan) -> Vec<Vec<u32>> {
    let mut linked = vec![Vec::new(); plan.people.len()];
    for (place, visit) in (0_u32..).zip(&plan.visits) {
        // A worker links a visit: who left before being seen is linked to nobody.
        let person = visit.person.filter(|_| visit.with_worker.is_some());
        if let Some(theirs) = person.and_then(|n| linked.get_mut(n)) {
            theirs.push(place);
        }
    }
    linked
}

/// Who does this at a hub: the first of the team there with the role, or anywhere.
fn at_hub(hub: usize, role: Role) -> &'static str {
    let there = TEAM.iter().find(|member| member.1 == role && member.2 == hub);
    there.or_else(|| TEAM.iter().find(|member| member.1 == role)).map_or("", |member| member.0)
}

fn ticket(letter: char, number: u32, day: NaiveDate) -> Ticket {
    Ticket { letter: letter.to_string(), number, day: CalendarDate::new(day) }
}
