//! Statistics that a manager's figures rest on: control charts, waits and queues.
//!
//! Pure functions over slices. Nothing here reads a clock, a file or a random number, and nothing knows what a person
//! or a hub is: callers hand over plain numbers, and days counted from any fixed Monday. Each function names the
//! source of its formula, and a test holds it to a published value.

mod competing;
mod queue;
mod special_cause;
mod survival;
mod weekly;
mod xmr;

pub use competing::{Ending, Incidence, IncidenceStep, cumulative_incidence};
pub use queue::{load, needs_relief, pressure, relief_capacity, target_size, weeks_to_clear};
pub use special_cause::{GoodDirection, Rule, Side, Signal, SpecialCause, special_causes};
pub use survival::{Spell, Survival, SurvivalStep, kaplan_meier};
pub use weekly::{Stay, Week, monday_of, weekly};
pub use xmr::{Assurance, Chart, Limits, Phase, Point, Screening, TRIAL_BELOW, assurance, chart, limits};
