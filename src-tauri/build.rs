//! Gives every command a permission of its own and each window a capability that lists only its own commands, all from
//! the one list in `src/command/list.rs`, so that a command is named once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, anyhow};
use serde_json::json;
use tauri_build::{AppManifest, Attributes};

macro_rules! commands {
    ($($window:ident $how:ident {
        $($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $answer:ty = $body:expr;)*
    })*) => {
        /// The window, and a command it may give.
        const COMMANDS: &[(&str, &str)] = &[$($((stringify!($window), stringify!($name)),)*)*];
    };
}
include!("src/command/list.rs");

fn main() -> Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").context("cargo gives OUT_DIR")?);
    placeholder_for_screens()?;
    let pattern = write_capabilities(&out.join("capabilities"))?;
    let names: Vec<&'static str> = COMMANDS.iter().map(|(_, name)| *name).collect();
    println!("cargo:rerun-if-changed=src/command/list.rs");
    println!("cargo:rerun-if-changed=build.rs");
    tauri_build::try_build(
        Attributes::new()
            // Both live as long as this short program; tauri-build asks for 'static.
            .capabilities_path_pattern(String::leak(pattern))
            .app_manifest(AppManifest::new().commands(Vec::leak(names))),
    )
}

/// One file per window: its own commands, hearing that records have changed, and on the main one larger words: the
/// board's are as large as its window already.
fn write_capabilities(folder: &Path) -> Result<String> {
    let mut windows: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (window, command) in COMMANDS {
        windows.entry(window).or_default().push(format!("allow-{}", command.replace('_', "-")));
    }
    fs::create_dir_all(folder)?;
    for (window, mut permissions) in windows {
        permissions.extend(["core:event:allow-listen".to_owned(), "core:event:allow-unlisten".to_owned()]);
        if window == "main" {
            permissions.push("core:webview:allow-set-webview-zoom".to_owned());
        }
        let capability = json!({
            "identifier": window,
            "description": format!("What the window `{window}` may ask of the program."),
            "local": true,
            "windows": [window],
            "permissions": permissions,
        });
        let file = folder.join(format!("{window}.json"));
        let text = serde_json::to_string_pretty(&capability)?;
        if fs::read_to_string(&file).ok().as_ref() != Some(&text) {
            fs::write(file, text)?;
        }
    }
    let pattern = folder.join("*.json");
    pattern.to_str().map(str::to_owned).ok_or_else(|| anyhow!("the build folder's name is not Unicode"))
}

/// Tauri wants the screens to be there when the program is compiled. `cargo xtask` builds them first; a bare
/// `cargo check` gets a page that says so.
fn placeholder_for_screens() -> Result<()> {
    let folder = Path::new("../ui/build");
    if !folder.join("index.html").exists() {
        fs::create_dir_all(folder)?;
        let page = "<!doctype html><html lang=\"en\"><title>Talking Point</title><p>The screens are not built: run <code>cargo xtask run</code>.</p></html>\n";
        fs::write(folder.join("index.html"), page)?;
    }
    println!("cargo:rerun-if-changed=../ui/build");
    Ok(())
}
