//! Beginning a run of the program, and a new life of the database when this is not the one it was.

use sealed_log::{ActorId, Decision, Facts, Run, decide};

use crate::error::HubError;
use crate::folder::DataFolder;
use crate::hub::identity::Identity;
use crate::ports::Ports;
use crate::store::sync::identity as kept;
use crate::store::{RunNonce, Store};

/// Begins a run: sees whether this is still the database it was, starts a new life if not, and says the actor. The
/// counter beside the database goes on after the one inside it, so that a database put back alone is behind.
pub(crate) fn begin_run(
    store: &Store,
    folder: &DataFolder,
    ports: &Ports,
    run: RunNonce,
) -> Result<(Identity, [u8; 16]), HubError> {
    let beside = folder.counter()?;
    let (identity, actor) = store.write(|tx| {
        let mut identity = Identity::find(tx.connection())?;
        let facts = Facts {
            begun: true,
            same_machine: identity.is_on_its_machine(ports),
            counter_beside: beside,
            counter_inside: identity.lives,
            shown: Vec::new(),
        };
        if let Decision::StartNew(_) = decide(&facts) {
            identity.begin_again(ports)?;
        }
        identity.lives = identity.lives.max(beside).saturating_add(1);
        identity.keep(tx.connection())?;
        let (run, log) = (Run::from_bytes(run), identity.incarnation.log());
        kept::add_run(tx.connection(), &run, &log)?;
        Ok((identity, *ActorId::of(&log, &run).as_bytes()))
    })?;
    folder.set_counter(identity.lives)?;
    Ok((identity, actor))
}
