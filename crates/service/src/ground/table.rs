//! Rows of an export as text: CSV that no spreadsheet runs, and JSON lines.

use std::io;

use reelroom_domain::{act::ExportForm, time::Timestamp};
use serde_json::Value;

/// Rows as text: CSV, which begins with the names of the columns where `is_first`, or one JSON object a line.
pub(crate) fn text<const N: usize>(
    form: ExportForm,
    columns: [&str; N],
    is_first: bool,
    rows: impl IntoIterator<Item = [Value; N]>,
) -> io::Result<Vec<u8>> {
    let rows = rows.into_iter();
    match form {
        ExportForm::Csv => csv(is_first.then_some(columns), rows.map(|row| row.map(cell))),
        ExportForm::Jsonl => {
            let objects = rows.map(|row| columns.into_iter().zip(row).collect::<Value>());
            let lines = objects.map(|object| format!("{object}\n"));
            Ok(lines.flat_map(String::into_bytes).collect())
        }
    }
}

/// A value as a cell of CSV: text as it is, a list with commas between its items, `null` and an empty object as empty
/// text, and anything else as JSON.
fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(items) => items.into_iter().map(cell).collect::<Vec<_>>().join(", "),
        Value::Object(members) if members.is_empty() => String::new(),
        other => other.to_string(),
    }
}

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
