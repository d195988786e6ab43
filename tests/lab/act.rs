//! What a person does at a laptop, chosen by the dice from what their role may do and what lies on the laptop.

use anyhow::Result;
use hub::HubError;
use hub::action::check_in::CheckIn;
use hub::action::person::PersonChange;
use hub::action::waiting_list::AddToWaitingList;
use hub::action::write_conversation::{Agree, Typed};
use hub::view::question::QuestionField;
use hub::view::shell::Role;
use sync_schema::{
    Band, CalendarDate, ConversationId, DocId, EntryId, Kind, ListingId, Need, PersonId, Scope, Tool, VisitId,
    WaitingKind,
};

use crate::dice::Dice;
use crate::laptop::Laptop;

/// In every name and note that is casework. Nobody may find it in a file.
pub(crate) const PLANTED: &str = "Gwenhwyfarplanted";

/// One thing done, and what came of it.
pub(crate) struct Act {
    /// In words, for the story of a seed that failed.
    pub(crate) what: String,
    /// The documents that it may have changed, and their newest changes before.
    pub(crate) touched: Vec<DocId>,
    /// The documents that it made.
    pub(crate) done: Result<Vec<DocId>, HubError>,
}

#[derive(Debug, Clone, Copy)]
enum Deed {
    CheckIn,
    NoteVisit,
    CorrectNeeds,
    Begin,
    Write,
    Draft,
    Agree,
    Agreed,
    Finish,
    Signpost,
    ChangePerson,
    PersonNeeds,
    Answer,
    AddToList,
    OnList,
    Import,
    AddMember,
    HandOver,
}

/// Lets whoever sits at the laptop do something; `None` when there is nothing that they could.
pub(crate) fn act(dice: &mut Dice, laptop: &Laptop, file: &std::path::Path) -> Result<Option<Act>> {
    use Deed::*;
    let mut deeds = Vec::new();
    if laptop.writes(Scope::FrontDesk)? {
        deeds.extend([(10, CheckIn), (8, NoteVisit), (3, CorrectNeeds)]);
    }
    if laptop.writes(Scope::Casework)? {
        deeds.extend([(9, Begin), (8, Write), (3, Draft), (3, Agree), (4, Agreed), (3, Finish), (3, Signpost)]);
        deeds.extend([(6, ChangePerson), (2, PersonNeeds), (4, Answer), (7, AddToList), (7, OnList), (1, Import)]);
        deeds.push((1, HandOver));
    }
    if laptop.writes(Scope::Team)? {
        deeds.push((1, AddMember));
    }
    if deeds.is_empty() {
        return Ok(None);
    }
    let deed = dice.weighed(&deeds);
    let does = Doing { dice, laptop };
    match deed {
        CheckIn | NoteVisit | CorrectNeeds => does.at_the_door(deed),
        Begin => does.begin(),
        Write | Draft | Agree | Agreed | Finish | Signpost => does.in_conversation(deed),
        ChangePerson | PersonNeeds | Answer => does.about_a_person(deed),
        AddToList | OnList => does.on_a_list(deed),
        Import | AddMember | HandOver => does.about_the_hub(deed, file),
    }
}

struct Doing<'a> {
    dice: &'a mut Dice,
    laptop: &'a Laptop,
}

impl Doing<'_> {
    fn words(&mut self, what: &str) -> String {
        format!("{what} {PLANTED} {:04x}", self.dice.below(0x1_0000))
    }

    fn needs(&mut self) -> Vec<Need> {
        Need::ALL.iter().copied().filter(|_| self.dice.chance(20)).collect()
    }

    fn one<T: From<DocId>>(&mut self, kind: Kind) -> Result<Option<T>> {
        Ok(self.dice.pick(&self.laptop.ids(kind)?).map(T::from))
    }

    fn today(&self) -> CalendarDate {
        CalendarDate::new(self.laptop.now().to_utc().date_naive())
    }

    fn at_the_door(mut self, deed: Deed) -> Result<Option<Act>> {
        let hub = self.laptop.hub();
        if matches!(deed, Deed::CheckIn) {
            let name = if self.dice.chance(80) { self.words("Mair") } else { String::new() };
            let reason = self.words("a form,");
            let typed = CheckIn { name, reason, needs: self.needs(), ..CheckIn::default() };
            let done = hub.check_in(typed).map(|made| vec![made.visit.into()]);
            return Ok(Some(Act { what: "checks someone in".to_owned(), touched: Vec::new(), done }));
        }
        let Some(visit) = self.one::<VisitId>(Kind::Visit)? else { return Ok(None) };
        let (what, done) = match self.dice.below(5) {
            _ if matches!(deed, Deed::CorrectNeeds) => {
                ("corrects the needs of", hub.correct_needs(visit, self.needs(), Some("Polish".to_owned())))
            }
            0 => ("notes left for", hub.note_left(visit)),
            1 | 2 => ("notes stepped outside for", hub.note_stepped_outside(visit, 20)),
            3 => ("notes back for", hub.note_back(visit)),
            _ => ("takes back the newest of", hub.undo_last(visit)),
        };
        Ok(Some(told(format!("{what} visit {visit}"), visit.into(), done)))
    }

    fn begin(mut self) -> Result<Option<Act>> {
        let hub = self.laptop.hub();
        let Some(visit) = self.one::<VisitId>(Kind::Visit)? else { return Ok(None) };
        let known = if self.dice.chance(40) { self.one::<PersonId>(Kind::Person)? } else { None };
        let begun = hub.begin_conversation(visit, known);
        let mut touched: Vec<DocId> = vec![visit.into()];
        touched.extend(known.map(DocId::from));
        let done = begun.and_then(|made| Ok(vec![made.into(), hub.conversation(made)?.person.into()]));
        Ok(Some(Act { what: format!("begins a conversation from visit {visit}"), touched, done }))
    }

    fn in_conversation(mut self, deed: Deed) -> Result<Option<Act>> {
        let hub = self.laptop.hub();
        let Some(talk) = self.one::<ConversationId>(Kind::Conversation)? else { return Ok(None) };
        let tool = self.dice.pick(&Tool::ALL[..4]).unwrap_or(Tool::Notes);
        let (what, done) = match deed {
            Deed::Write => ("writes in", {
                let mut text = hub.conversation(talk)?.texts.into_iter().find(|under| under.tool == tool);
                let mut text = text.take().map(|under| under.text).unwrap_or_default();
                let at = self.dice.below(text.len() + 1);
                text.insert_str(at, &self.words("note"));
                hub.write(talk, tool, Typed::now(text))
            }),
            Deed::Draft => ("types in", hub.keep_draft(talk, tool, Typed::now(self.words("draft")))),
            Deed::Agree => (
                "agrees in",
                hub.agree(talk, Agree { who: "Ann".to_owned(), what: self.words("calls"), by_when: None }).map(drop),
            ),
            Deed::Agreed => {
                let agreed: Vec<_> = hub.conversation(talk)?.agreed.into_iter().map(|row| row.id).collect();
                let Some(action) = self.dice.pick(&agreed) else { return Ok(None) };
                match self.dice.below(3) {
                    0 => ("strikes out in", hub.strike_agreed(talk, action)),
                    done => ("ticks in", hub.agreed_done(talk, action, done == 1)),
                }
            }
            Deed::Finish if self.dice.chance(50) => ("opens again", hub.reopen_conversation(talk)),
            Deed::Finish => return self.finish(talk),
            _ => {
                let pointed: Vec<_> = hub.conversation(talk)?.signposts.into_iter().map(|row| row.id).collect();
                match self.dice.pick(&pointed) {
                    Some(old) if self.dice.chance(40) => {
                        ("takes back a signpost in", hub.take_back_signpost(talk, old))
                    }
                    _ => {
                        let Some(listing) = self.one::<ListingId>(Kind::Listing)? else { return Ok(None) };
                        ("signposts in", hub.signpost(talk, vec![listing]).map(drop))
                    }
                }
            }
        };
        Ok(Some(told(format!("{what} conversation {talk}"), talk.into(), done)))
    }

    fn finish(self, talk: ConversationId) -> Result<Option<Act>> {
        let hub = self.laptop.hub();
        let mut touched: Vec<DocId> = vec![talk.into()];
        touched.extend(hub.conversation(talk)?.visit.map(DocId::from));
        let done = hub.finish_conversation(talk).map(|()| Vec::new());
        Ok(Some(Act { what: format!("finishes conversation {talk}"), touched, done }))
    }

    fn about_a_person(mut self, deed: Deed) -> Result<Option<Act>> {
        let hub = self.laptop.hub();
        if matches!(deed, Deed::Answer) {
            let questions = hub.questions()?;
            let at = self.dice.below(questions.len());
            let Some(question) = questions.into_iter().nth(at) else { return Ok(None) };
            let value = question.values.into_iter().next().map(|value| value.value).unwrap_or_default();
            let (person, field) = (question.person, question.field);
            let done = hub.answer_question(person, field, value);
            return Ok(Some(told(format!("answers {field:?} of person {person}"), person.into(), done)));
        }
        let Some(person) = self.one::<PersonId>(Kind::Person)? else { return Ok(None) };
        if matches!(deed, Deed::PersonNeeds) {
            let done = hub.correct_person_needs(person, self.needs());
            return Ok(Some(told(format!("corrects the needs of person {person}"), person.into(), done)));
        }
        let field = self.dice.pick(&[
            QuestionField::Name,
            QuestionField::Phone,
            QuestionField::Postcode,
            QuestionField::BornOn,
        ]);
        let change = match field.unwrap_or(QuestionField::Name) {
            QuestionField::Name => PersonChange::Name(self.words("Zofia")),
            QuestionField::Phone => PersonChange::Phone(format!("01970 5{:05}", self.dice.below(100_000))),
            QuestionField::Postcode => PersonChange::Postcode(format!("SY23 {}AB", self.dice.below(10))),
            QuestionField::BornOn => PersonChange::BornOn {
                day: self.dice.between(1, 28).to_string(),
                month: self.dice.between(1, 12).to_string(),
                year: self.dice.between(1930, 2005).to_string(),
                approximate: self.dice.chance(30),
            },
        };
        let done = hub.change_person(person, change);
        Ok(Some(told(format!("changes {field:?} of person {person}"), person.into(), done)))
    }

    fn on_a_list(mut self, deed: Deed) -> Result<Option<Act>> {
        let hub = self.laptop.hub();
        let band = self.dice.pick(Band::ALL).unwrap_or(Band::ALL[0]);
        if matches!(deed, Deed::AddToList) {
            let Some(person) = self.one::<PersonId>(Kind::Person)? else { return Ok(None) };
            let kind = self.dice.pick(WaitingKind::ALL).unwrap_or(WaitingKind::ALL[0]);
            let requested_on = self.today().plus_days(-self.dice.between(1, 40));
            let done = hub.add_to_waiting_list(AddToWaitingList { person, kind, band, requested_on, hub: None });
            let what = format!("adds person {person} to a list");
            return Ok(Some(Act { what, touched: Vec::new(), done: done.map(|made| vec![made.into()]) }));
        }
        let Some(entry) = self.one::<EntryId>(Kind::WaitingEntry)? else { return Ok(None) };
        let (what, done) = match self.dice.below(3) {
            0 => ("re-bands", hub.reband(entry, band)),
            1 => ("keeps in touch with", hub.kept_in_touch(entry, Some(self.today().plus_days(14)))),
            _ => ("closes", hub.close_entry(entry, "service-began".to_owned())),
        };
        Ok(Some(told(format!("{what} entry {entry}"), entry.into(), done)))
    }

    fn about_the_hub(self, deed: Deed, file: &std::path::Path) -> Result<Option<Act>> {
        let hub = self.laptop.hub();
        match deed {
            Deed::AddMember => {
                hub.sign_in_as("Ann", Role::Manager)?;
                let done = hub.add_team_member("Bo", Role::Worker).map(|made| vec![made.into()]);
                self.laptop.sit()?;
                Ok(Some(Act { what: "adds a team member".to_owned(), touched: Vec::new(), done }))
            }
            Deed::Import => {
                let name = format!("Lunch Club {}", self.dice.below(4));
                let contents =
                    [1, 2].map(|id| serde_json::json!({ "id": id.to_string(), "name": name, "status": "active" }));
                std::fs::write(file, serde_json::json!({ "contents": contents }).to_string())?;
                let before = self.laptop.ids(Kind::Listing)?;
                let done = hub.import_directory(file).map(drop);
                let mut made = self.laptop.ids(Kind::Listing)?;
                made.retain(|id| !before.contains(id));
                Ok(Some(Act { what: format!("imports {name}"), touched: before, done: done.map(|()| made) }))
            }
            _ => {
                let touched = self.laptop.ids(Kind::Conversation)?;
                let done = hub.hand_over().map(|()| Vec::new());
                self.laptop.sit()?;
                Ok(Some(Act { what: "hands over".to_owned(), touched, done }))
            }
        }
    }
}

fn told(what: String, touched: DocId, done: Result<(), HubError>) -> Act {
    Act { what, touched: vec![touched], done: done.map(|()| Vec::new()) }
}
