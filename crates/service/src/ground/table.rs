//! Rows of an export as text: CSV that no spreadsheet runs, and JSON lines.

use std::io;

use reelroom_domain::time::Timestamp;
use serde_json::Value;

/// Rows as CSV (RFC 4180), below the names of the columns where `head` has them.
pub(crate) fn csv<const N: usize>(
    head: Option<[&str; N]>,
    rows: impl IntoIterator<Item = [String; N]>,
) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if let Some(head) = head {
        writer.write_record(head)?;
    }
    for row in rows {
        writer.write_record(row.map(|cell| harmless(&cell)))?;
    }
    let written = writer.into_inner();
    written.map_err(|error| io::Error::other(error.to_string()))
}

/// A cell that no spreadsheet takes for a formula (OWASP, *CSV Injection*), also where cells are separated by
/// `;`, as in many countries: there, quotes hold nothing together, and a cell begins after each and in each line.
fn harmless(cell: &str) -> String {
    const BEGINS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let parts = cell.split_inclusive([';', '\n']).map(|part| {
        let begin = part.trim_start_matches(['"', ' ']);
        if begin.starts_with(BEGINS) {
            format!("'{part}")
        } else {
            part.to_owned()
        }
    });
    parts.collect()
}

/// Objects, one on each line.
pub(crate) fn json_lines(rows: impl IntoIterator<Item = Value>) -> Vec<u8> {
    let lines = rows.into_iter().map(|row| format!("{row}\n"));
    lines.flat_map(String::into_bytes).collect()
}

/// A moment in UTC with milliseconds (RFC 3339).
pub(crate) fn utc(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.as_millis());
    at.map(|at| format!("{at:.3}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_runs_no_cell() {
        for begin in ["=", "+", "-", "@", "\t", "\r", "＝"] {
            let cell = format!("{begin}cmd|'/c calc'!A1");
            assert_eq!(harmless(&cell), format!("'{cell}"));
        }
        let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)";
        for harmless_one in ["", "a=1", "'=1", "2026-11-22", "客服", "a;b;", browser] {
            assert_eq!(harmless(harmless_one), harmless_one);
        }
        for (cell, safe) in [
            ("a;=1+1", "a;'=1+1"),
            ("=1;b;@c", "'=1;b;'@c"),
            ("a\n=1", "a\n'=1"),
            ("a; \"=1+1", "a;' \"=1+1"),
        ] {
            assert_eq!(harmless(cell), safe);
        }
    }

    #[test]
    fn a_portion_has_its_rows_and_the_first_the_names_too() {
        let rows = || [["a,b".to_owned(), "=1".to_owned()]];
        let text = |head| String::from_utf8(csv(head, rows()).unwrap()).unwrap();
        assert_eq!(text(Some(["x", "y"])), "x,y\n\"a,b\",'=1\n");
        assert_eq!(text(None), "\"a,b\",'=1\n");
        assert!(csv::<1>(None, []).unwrap().is_empty());
    }
}
