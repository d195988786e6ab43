//! When a laptop's database must start a new incarnation. Asked before anything is sealed.

use crate::id::{Short, StreamId};

/// Why a new incarnation starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StartReason {
    /// There is none yet.
    First,
    /// The database is on another machine than the one it was made on.
    OtherMachine,
    /// The counter beside the database is ahead of it: a restored backup.
    CounterAhead,
    /// A carrier or another laptop knows this log further than it knows itself.
    KnownFurther,
    /// A carrier or another laptop knows this log with another hash.
    KnownOtherwise,
}

/// What to do before sealing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Go on in this incarnation.
    Stay,
    /// Start a new one.
    StartNew(StartReason),
}

/// One of this incarnation's own streams, as somebody else shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnStream {
    /// The stream.
    pub stream: StreamId,
    /// How far this laptop knows it.
    pub high: u64,
    /// How far the other knows it.
    pub shown: u64,
    /// The hash this laptop has at `shown`, if it goes that far.
    pub here: Option<Short>,
    /// The hash the other has there.
    pub there: Short,
}

/// What the decision rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// True if this database has an incarnation.
    pub begun: bool,
    /// True if the machine is the one that the incarnation began on, or cannot be told.
    pub same_machine: bool,
    /// The counter in the file beside the database.
    pub counter_beside: u64,
    /// The counter in the database.
    pub counter_inside: u64,
    /// This incarnation's streams, as the carrier's tips and other laptops' statements show them.
    pub shown: Vec<OwnStream>,
}

/// Decides.
#[must_use]
pub fn decide(facts: &Facts) -> Decision {
    if !facts.begun {
        return Decision::StartNew(StartReason::First);
    }
    if !facts.same_machine {
        return Decision::StartNew(StartReason::OtherMachine);
    }
    if facts.counter_beside > facts.counter_inside {
        return Decision::StartNew(StartReason::CounterAhead);
    }
    if facts.shown.iter().any(|own| own.shown > own.high) {
        return Decision::StartNew(StartReason::KnownFurther);
    }
    let otherwise = |own: &OwnStream| own.shown > 0 && own.here.is_some_and(|here| here != own.there);
    if facts.shown.iter().any(otherwise) {
        return Decision::StartNew(StartReason::KnownOtherwise);
    }
    Decision::Stay
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{LogId, ScopeId};

    fn shown(high: u64, shown: u64, here: Option<u8>, there: u8) -> Vec<OwnStream> {
        vec![OwnStream {
            stream: StreamId { log: LogId::from_bytes([1; 16]), scope: ScopeId::from_bytes([1; 16]) },
            high,
            shown,
            here: here.map(|byte| Short::from_bytes([byte; 5])),
            there: Short::from_bytes([there; 5]),
        }]
    }

    #[test]
    fn table() {
        let usual = Facts {
            begun: true,
            same_machine: true,
            counter_beside: 7,
            counter_inside: 7,
            shown: shown(5, 5, Some(1), 1),
        };
        let with = |change: &dyn Fn(&mut Facts)| {
            let mut facts = usual.clone();
            change(&mut facts);
            decide(&facts)
        };
        let new = Decision::StartNew;
        assert_eq!(decide(&usual), Decision::Stay);
        assert_eq!(with(&|f| f.begun = false), new(StartReason::First));
        assert_eq!(with(&|f| f.same_machine = false), new(StartReason::OtherMachine));
        assert_eq!(with(&|f| f.counter_beside = 8), new(StartReason::CounterAhead));
        assert_eq!(with(&|f| f.counter_beside = 6), Decision::Stay);
        assert_eq!(with(&|f| f.shown = shown(5, 6, None, 1)), new(StartReason::KnownFurther));
        assert_eq!(with(&|f| f.shown = shown(5, 5, Some(1), 2)), new(StartReason::KnownOtherwise));
        assert_eq!(with(&|f| f.shown = shown(5, 4, Some(1), 1)), Decision::Stay);
        assert_eq!(with(&|f| f.shown = shown(5, 0, None, 9)), Decision::Stay);
    }
}
