//! Ending a program that hangs, with everything it started.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Command, Stdio};

/// Ends a program and all that descends from it, each by its own id: parents first, so that none goes on to its next
/// command when its child is gone.
pub(super) fn end(child: &mut Child) {
    let below = descendants(child.id(), &parents());
    let _ = child.kill();
    for id in below {
        let _ = Command::new("kill").args(["-KILL", &id.to_string()]).stderr(Stdio::null()).status();
    }
}

/// Every process with its parent, as of now.
fn parents() -> BTreeMap<u32, u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|id: u32| Some((id, parent_in(&fs::read_to_string(format!("/proc/{id}/stat")).ok()?)?)))
        .collect()
}

/// From `/proc/ID/stat`: `17 (name, which may hold anything) S 4 …`.
fn parent_in(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(1)?.parse().ok()
}

fn descendants(of: u32, parents: &BTreeMap<u32, u32>) -> Vec<u32> {
    let mut found = vec![of];
    let mut at = 0;
    while let Some(&parent) = found.get(at) {
        found.extend(parents.iter().filter(|(_, its)| **its == parent).map(|(id, _)| *id));
        at += 1;
    }
    found.remove(0);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parent_is_found_after_any_name() {
        assert_eq!(parent_in("17 (sh) S 4 17 17 0"), Some(4));
        assert_eq!(parent_in("17 (a) b) (c) R 12 1"), Some(12));
        assert_eq!(parent_in("no such thing"), None);
    }

    #[test]
    fn children_and_their_children_are_found_and_nobody_else() {
        let parents = BTreeMap::from([(2, 1), (3, 2), (4, 2), (5, 4), (6, 1)]);
        assert_eq!(descendants(2, &parents), [3, 4, 5]);
        assert_eq!(descendants(9, &parents), Vec::<u32>::new());
    }
}
