//! The window: unpack what a screen asks, call `hub`, pack the answer. No rule lives here, and nothing here reads or
//! writes a record by itself.

mod arguments;
mod command;
mod hall;
#[cfg(target_os = "linux")]
mod lid;
mod program;
mod sharing;

use tauri::{Manager, WindowEvent};
use tauri_specta::{Builder, collect_events};

pub use arguments::Arguments;
use program::Program;
pub use program::{LockNow, RecordsChanged};

/// Every command and event, as the screens are given them.
#[must_use]
pub fn surface() -> Builder<tauri::Wry> {
    Builder::new().disable_serde_phases().commands(command::all()).events(collect_events![RecordsChanged, LockNow])
}

/// Opens the window and stays until it is closed.
///
/// # Errors
/// When the system cannot show a window.
#[allow(clippy::exit, reason = "Tauri's own macro ends the process when it was packaged wrongly")]
pub fn open(arguments: Arguments) -> tauri::Result<()> {
    let surface = surface();
    tauri::Builder::default()
        .invoke_handler(surface.invoke_handler())
        .setup(move |app| {
            surface.mount_events(app);
            let program = Program::new(arguments, app.handle().clone());
            sharing::begin(program.clone());
            #[cfg(target_os = "linux")]
            lid::watch(app.handle());
            app.manage(program);
            Ok(())
        })
        .on_window_event(|window, event| {
            // The board shows what this program knows: it goes when the program's own window goes.
            if window.label() == "main" && matches!(event, WindowEvent::Destroyed) {
                window.app_handle().exit(0);
            }
        })
        .run(tauri::generate_context!())
}
