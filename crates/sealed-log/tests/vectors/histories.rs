//! Histories of a roster, made up by dice, with what the fold makes of each.

use sealed_log::*;
use serde_json::{Value, json};

use crate::common::world::{Act, LAPTOPS, World};
use crate::told::{hex, kept, left, stop};

/// So many are kept in the repository, and so many more are left for the decoder each time.
const KEPT: u64 = 12;
const LEFT: u64 = 400;

#[test]
fn histories_fold_as_they_are_told() {
    let of =
        |range: std::ops::Range<u64>, acts| json!(range.map(|seed| told(&history(seed, acts))).collect::<Vec<_>>());
    kept("histories", &of(0..KEPT, 30));
    left("histories", &of(KEPT..KEPT + LEFT, 60));
}

/// Numbers that are the same everywhere and for ever: the last step of `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides).unwrap()
    }
}

fn history(seed: u64, length: usize) -> Roster {
    let mut dice = Dice(seed);
    let acts: Vec<(usize, Act)> = (0..length).map(|_| (dice.throw(LAPTOPS as u64 + 1), act(&mut dice))).collect();
    World::after(&acts).all()
}

fn act(dice: &mut Dice) -> Act {
    let kind = dice.throw(22);
    let whom = dice.throw(LAPTOPS as u64);
    let yes = dice.throw(2) == 1;
    match kind {
        0..6 => Act::Hear { from: whom },
        6..10 => Act::Enrol { whom, rank: if yes { Rank::Administrator } else { Rank::Laptop } },
        10..12 => Act::Grant { whom, write: yes },
        12..15 => Act::Revoke { whom },
        15 => Act::Retire { whom },
        16 => Act::Rotate,
        17 => Act::ShareKey { with: whom },
        18 => Act::Erase { document: u8::from(yes) },
        19 => Act::Keeper { whom, keeps: yes },
        20 => Act::Begin,
        _ => Act::ReRoot { seed: u8::from(yes) },
    }
}

/// A roster and everything that the fold makes of it.
pub(crate) fn told(roster: &Roster) -> Value {
    let entries: Vec<String> = roster.entries().map(|(_, entry)| hex(entry.encode())).collect();
    json!({ "council": hex(roster.council().as_bytes()), "entries": entries, "fold": folded(roster) })
}

fn folded(roster: &Roster) -> Value {
    let members = roster.fold();
    let named = |hash: &Hash| hex(hash.as_bytes());
    let scope = |code| ScopeId::of(roster.council(), code);
    let scopes = ["team", "casework", "front-desk"].map(scope);
    let mut heads: Vec<String> = roster.heads().iter().map(named).collect();
    heads.sort();
    let stands: Vec<String> = roster.hashes().filter(|hash| members.has(hash)).map(|hash| named(&hash)).collect();
    let kept: Vec<Value> = roster
        .hashes()
        .map(|hash| json!([named(&hash), roster.stands(&hash).map_or_else(|why| stop(&why), |()| json!("kept"))]))
        .collect();
    let laptops: Vec<Value> = members.laptops().map(|(id, laptop)| one_laptop(id, laptop)).collect();
    let logs: Vec<Value> = members.logs().map(|(log, laptop)| one_log(&members, &log, &laptop, &scopes)).collect();
    let epochs: Vec<Value> = scopes
        .iter()
        .flat_map(|scope| members.epochs(scope).map(|(id, epoch)| one_epoch(&members, scope, id, epoch)))
        .collect();
    let sealing: Vec<Value> = scopes
        .iter()
        .map(|scope| json!([hex(scope.as_bytes()), members.sealing_epoch(scope).map(|epoch| hex(epoch.as_bytes()))]))
        .collect();
    let roots: Vec<Value> =
        members.roots().map(|(name, agreement)| json!([hex(name.as_bytes()), hex(agreement)])).collect();
    let erased: Vec<Value> =
        members.erased().map(|(scope, document)| json!([hex(scope.as_bytes()), hex(document.as_bytes())])).collect();
    json!({
        "heads": heads, "stands": stands, "kept": kept, "laptops": laptops, "logs": logs, "epochs": epochs,
        "sealing": sealing, "roots": roots, "erased": erased,
    })
}

fn one_laptop(id: &LaptopId, laptop: &Laptop) -> Value {
    let (state, by): (&str, &[Hash]) = match &laptop.state {
        State::Live => ("live", &[]),
        State::Retired(by) => ("retired", by),
        State::Revoked(by) => ("revoked", by),
    };
    let grants: Vec<Value> =
        laptop.grants.iter().map(|(scope, access)| json!([hex(scope.as_bytes()), *access == Access::Write])).collect();
    json!({
        "laptop": hex(id.as_bytes()), "signing": hex(laptop.identity.signing),
        "agreement": hex(laptop.identity.agreement), "administrator": laptop.rank == Rank::Administrator,
        "grants": grants, "keeper": laptop.keeper, "state": state,
        "by": by.iter().map(|hash| hex(hash.as_bytes())).collect::<Vec<_>>(),
    })
}

fn one_log(members: &Members, log: &LogId, laptop: &LaptopId, scopes: &[ScopeId]) -> Value {
    let per_scope: Vec<Value> = scopes
        .iter()
        .map(|scope| {
            let closed: Vec<String> = members.closed_by(log, scope).iter().map(|hash| hex(hash.as_bytes())).collect();
            json!([hex(scope.as_bytes()), members.could_write(log, scope), members.may_write(log, scope), closed])
        })
        .collect();
    let key = members.log_key(log).map(hex);
    json!({ "log": hex(log.as_bytes()), "laptop": hex(laptop.as_bytes()), "key": key, "scopes": per_scope })
}

fn one_epoch(members: &Members, scope: &ScopeId, id: &EpochId, epoch: &Epoch) -> Value {
    json!({
        "scope": hex(scope.as_bytes()), "epoch": hex(id.as_bytes()), "depth": epoch.since.0,
        "entry": hex(epoch.since.1.as_bytes()), "usable": members.is_usable(scope, id),
        "recipients": epoch.recipients.iter().map(|laptop| hex(laptop.as_bytes())).collect::<Vec<_>>(),
        "retired": epoch.retired.map(|hash| hex(hash.as_bytes())),
    })
}
