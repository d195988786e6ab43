//! One CSV file (RFC 4180), private to its owner, whole or not there at all.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe before it: what people typed at the door must
//! never run on an office computer. (OWASP, *CSV injection*.)

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file being written. Nothing is under its name until [`CsvFile::finish`].
#[derive(Debug)]
pub(crate) struct CsvFile {
    out: BufWriter<File>,
    partial: PathBuf,
    path: PathBuf,
    rows: u32,
}

impl CsvFile {
    /// Begins `name` in `dir`, with its heading.
    pub(crate) fn begin(dir: &Path, name: &str, heading: &[&str]) -> io::Result<Self> {
        let (path, partial) = (dir.join(name), dir.join(format!(".{name}.part")));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = Self { out: BufWriter::new(options.open(&partial)?), partial, path, rows: 0 };
        file.line(heading)?;
        Ok(file)
    }

    /// Adds a row.
    pub(crate) fn row<T: AsRef<str>>(&mut self, cells: &[T]) -> io::Result<()> {
        self.rows += 1;
        self.line(cells)
    }

    /// Puts the file under its name, in place of an earlier one, and says how many rows it has.
    pub(crate) fn finish(self) -> io::Result<u32> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&self.partial, &self.path)?;
        Ok(self.rows)
    }

    fn line<T: AsRef<str>>(&mut self, cells: &[T]) -> io::Result<()> {
        for (n, text) in cells.iter().enumerate() {
            if n > 0 {
                self.out.write_all(b",")?;
            }
            self.out.write_all(cell(text.as_ref()).as_bytes())?;
        }
        self.out.write_all(b"\r\n")
    }
}

/// A cell as it stands in the file.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains(['"', ',', '\n', '\r']) || safe.starts_with(' ') || safe.ends_with(' ') {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_run() {
        let cases = [
            ("Mair", "Mair"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("+44 1632 960001", "'+44 1632 960001"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("ŵ ŷ 秀英", "ŵ ŷ 秀英"),
        ];
        for (text, want) in cases {
            assert_eq!(cell(text), want);
        }
    }

    #[test]
    fn a_file_is_private_and_appears_whole() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = CsvFile::begin(dir.path(), "x.csv", &["name", "of"]).unwrap();
        file.row(&["a", "b,c"]).unwrap();
        assert!(!dir.path().join("x.csv").exists());
        assert_eq!(file.finish().unwrap(), 1);
        let path = dir.path().join("x.csv");
        assert_eq!(fs::read_to_string(&path).unwrap(), "name,of\r\na,\"b,c\"\r\n");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
