//! Where things are in the repository and in cargo's target folder.

use std::path::{Path, PathBuf};

/// The repository's root: the folder above this package's.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The screens' folder.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// Cargo's target folder, which may be elsewhere.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A program built by `cargo build`.
pub(crate) fn built(program: &str) -> PathBuf {
    target().join("debug").join(program)
}

/// Tools installed for this repository alone.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    /// A promise without a test behind it is to be told from one with, so the names must be right.
    #[test]
    fn the_tests_that_the_threat_model_names_are_there() {
        let page = fs::read_to_string(root().join("docs/threat-model.md")).unwrap();
        let named: BTreeSet<&str> = page.split('`').skip(1).step_by(2).filter(|word| is_a_tests(word)).collect();
        assert!(named.len() > 40, "{}", named.len());
        let mut code = String::new();
        for folder in ["crates", "sync-schema", "tests"] {
            gather(&root().join(folder), &mut code);
        }
        let missing: Vec<_> = named.iter().filter(|name| !code.contains(&format!("fn {name}("))).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    fn is_a_tests(word: &str) -> bool {
        word.contains('_') && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    }

    fn gather(folder: &Path, code: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, code);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                code.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
}
