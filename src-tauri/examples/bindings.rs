//! Writes `ui/src/lib/api/bindings.ts` with `--write`; without it, fails when the file is not what it would write.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};
use specta_typescript::Typescript;

const HEADER: &str = "/* eslint-disable */\n// Written by `cargo xtask bindings`; do not edit.\n";

fn main() -> Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/lib/api/bindings.ts");
    let write = env::args().any(|word| word == "--write");
    let wanted = written()?;
    let there = fs::read_to_string(&file).unwrap_or_default();
    if there == wanted {
        return Ok(());
    }
    if !write {
        bail!("ui/src/lib/api/bindings.ts is stale: run `cargo xtask bindings`.");
    }
    let folder = file.parent().map(PathBuf::from).unwrap_or_default();
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    fs::write(&file, wanted).with_context(|| format!("{} cannot be written", file.display()))
}

fn written() -> Result<String> {
    let aside = tempfile::tempdir()?.path().join("bindings.ts");
    fs::create_dir_all(aside.parent().unwrap_or(&aside))?;
    talking_point::surface().export(Typescript::default().header(HEADER), &aside)?;
    Ok(fs::read_to_string(&aside)?)
}
