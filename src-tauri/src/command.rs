//! The commands, made from the list: each one hands its arguments to `hub` on a thread that may wait, so that the window
//! never does.

use std::path::{Path, PathBuf};

use hub::action::check_in::{CheckIn, CheckedIn};
use hub::action::person::PersonChange;
use hub::action::waiting_list::AddToWaitingList;
use hub::action::write_conversation::{Agree, Typed};
use hub::problem::Problem;
use hub::view::board::Board;
use hub::view::conversation::ConversationView;
use hub::view::directory::{Found, ListingView};
use hub::view::everything::Everything;
use hub::view::laptop::{Exchanged, LaptopView};
use hub::view::person::{PersonRow, PersonView};
use hub::view::question::{Question, QuestionField};
use hub::view::queue::Queue;
use hub::view::shell::{Asked, Role, Shell, SignIn, Start};
use hub::view::today::Today;
use hub::view::trends::{Trends, TrendsFilter};
use hub::view::waiting::{WaitingFilter, WaitingList};
use hub::{Answer, Passphrase};
use sync_schema::{
    ActionId, Band, CalendarDate, ConversationId, EntryId, HubId, ListingId, Need, PersonId, SignpostId, TeamMemberId,
    Tool, VisitId,
};
use tauri::State;
use tauri_specta::{Commands, collect_commands};

use crate::program::Program;

/// How each kind of command reaches what it calls.
macro_rules! passed_on {
    (program $program:ident, $call:expr) => {
        $program.wait_for($call).await
    };
    (view $program:ident, $call:expr) => {
        $program.ask_hub($call).await
    };
    (draft $program:ident, $call:expr) => {
        $program.ask_hub($call).await
    };
    (act $program:ident, $call:expr) => {{
        let done = $program.ask_hub($call).await;
        if done.is_ok() {
            $program.tell_screens();
        }
        done
    }};
}

macro_rules! commands {
    ($($window:ident $how:ident {
        $($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $answer:ty = |$asked:ident| $call:expr;)*
    })*) => {
        $($(
            $(#[$doc])*
            #[tauri::command]
            #[specta::specta]
            pub(crate) async fn $name(program: State<'_, Program>, $($argument: $type),*) -> Result<$answer, Problem> {
                passed_on!($how program, move |$asked| $call)
            }
        )*)*

        /// All of them.
        pub(crate) fn all() -> Commands<tauri::Wry> {
            collect_commands![$($($name,)*)*]
        }
    };
}
include!("command/list.rs");
