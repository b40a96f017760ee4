//! Checks that SQL names its columns and compares no text of JSON, and that the schema has no triggers.
//!
//! With a `*`, a new column breaks every running process whose driver has cached the statement. How a value is
//! spelled as JSON is known to its type alone.

use anyhow::Result;
use std::path::Path;

use crate::source;

/// The folders that contain SQL, and the extensions of its files.
const PLACES: &[(&str, &str)] = &[("crates", "rs"), ("server", "rs"), ("migrations", "sql")];

/// The folder in which no text of JSON is compared.
const STORE: &str = "crates/store/src";

/// The places of breaches in a text.
type Find = fn(&str) -> Vec<usize>;

/// Returns the violations, one line each, with file and line number.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for (folder, extension) in PLACES {
        breaches.extend(source::breaches(root, folder, extension, |file, text| {
            let text = without_comments(text);
            let checks: [(bool, Find, &str); 3] = [
                (true, stars, "name the columns in place of `*`"),
                (
                    Path::new(file).starts_with(STORE),
                    json_texts,
                    "read JSON in Rust: SQL does not compare its text",
                ),
                (
                    *extension == "sql",
                    triggers,
                    "no triggers: the function that writes does the rest",
                ),
            ];
            let mut found = Vec::new();
            for (_, find, breach) in checks.into_iter().filter(|(applies, ..)| *applies) {
                found.extend(find(&text).into_iter().map(|at| (at, breach.to_owned())));
            }
            found
        })?);
    }
    Ok(breaches)
}

/// The text with an empty line in place of each comment line.
fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let code = line.trim_start();
        if code.starts_with("//") || code.starts_with("--") {
            ""
        } else {
            line
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The line numbers of each `*` that stands for columns: after `SELECT`, `DISTINCT`, `RETURNING` or a table's
/// name and a dot, or before `FROM`.
fn stars(text: &str) -> Vec<usize> {
    let found = text.match_indices('*').filter(|(at, _)| {
        let before = text[..*at].trim_end_matches(|c: char| c.is_whitespace() || c == '\\');
        let after = text[at + 1..].trim_start_matches(|c: char| c.is_whitespace() || c == '\\');
        let after_word = ["SELECT", "DISTINCT", "RETURNING"].iter().any(|word| {
            let start = before.len().saturating_sub(word.len());
            before.len() < *at
                && before
                    .get(start..)
                    .is_some_and(|end| end.eq_ignore_ascii_case(word))
        });
        let of_table = text[..*at].strip_suffix('.').is_some_and(|before| {
            before.ends_with(|c: char| c.is_alphanumeric() || "_}".contains(c))
        });
        after_word || of_table || after.starts_with("FROM ")
    });
    found.map(|(at, _)| line_of(text, at)).collect()
}

/// The line numbers of comparisons with the JSON of an enum: `'"a"'` or `'{"a":…`, also with escapes of Rust.
fn json_texts(text: &str) -> Vec<usize> {
    let found = text.match_indices('\'').filter(|(at, _)| {
        let before = text[..*at].trim_end();
        let compares = ["=", "<", ">", "LIKE", "IN ("];
        let value = text[at + 1..].trim_start_matches(['{', '[']);
        let value = value.strip_prefix('\\').unwrap_or(value);
        // A character of Rust ends after the quotation mark.
        let is_json = value
            .strip_prefix('"')
            .is_some_and(|rest| !rest.starts_with('\''));
        is_json && compares.iter().any(|word| before.ends_with(word))
    });
    found.map(|(at, _)| line_of(text, at)).collect()
}

/// The line numbers of statements that create a trigger.
fn triggers(text: &str) -> Vec<usize> {
    let text = text.to_ascii_uppercase();
    let found = text.match_indices("TRIGGER ");
    found.map(|(at, _)| line_of(&text, at)).collect()
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_names_are_found() {
        for text in [
            "SELECT * FROM rooms",
            "select\n * from rooms",
            "SELECT \\\n    * FROM rooms",
            "SELECT DISTINCT * FROM rooms",
            "SELECT o.*, m.id FROM rooms o",
            "SELECT 1, page.* FROM page",
            "SELECT {alias}.* FROM page",
            "SELECT now(), * FROM rooms",
            "INSERT INTO rooms VALUES (1) RETURNING *",
        ] {
            assert_eq!(stars(text).len(), 1, "{text}");
        }
        assert_eq!(stars("a\nSELECT\n *\n FROM b"), [3]);
    }

    #[test]
    fn other_stars_are_none() {
        for text in [
            "SELECT COUNT(*) FROM rooms",
            "SELECT a * b AS c FROM rooms",
            "let reader = &mut *selected;",
            "rows.map(|row| *row)",
            "use super::*;",
            "text in \".*\"",
        ] {
            assert!(stars(text).is_empty(), "{text}");
        }
        assert!(stars(&without_comments("  // SELECT *\n-- o.*\n")).is_empty());
    }

    #[test]
    fn a_comparison_with_text_of_json_is_found() {
        for text in [
            r#"AND h.event = '{{\"took\":\"start_refused\"}}' ORDER BY"#,
            r#"WHERE event <> '"found"'"#,
            r#"WHERE event IN ('\"found\"', '\"seen\"')"#,
            r#"WHERE event LIKE '{"took"%'"#,
        ] {
            assert_eq!(json_texts(text), [1], "{text}");
        }
        for text in [
            r#"query("SELECT id FROM rooms WHERE title = ''")"#,
            r#"query("SELECT id FROM files WHERE state = 'gone'")"#,
            r#"format!("kind = '{kind}'")"#,
            r#"c == '"' || c == '\"' || c == '{'"#,
            r#"INSERT INTO history (event) VALUES ('"found"')"#,
        ] {
            assert!(json_texts(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn text_of_json_is_refused_in_the_store_only() {
        let root = tempfile::tempdir().unwrap();
        for folder in [STORE, "crates/service/src"] {
            let folder = root.path().join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("a.rs"), r#"event = '"found"'"#).unwrap();
        }
        for (folder, _) in PLACES {
            std::fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        let breaches = check(root.path()).unwrap();
        assert_eq!(breaches.len(), 1, "{breaches:?}");
        assert!(breaches[0].starts_with(STORE), "{breaches:?}");
    }

    #[test]
    fn a_trigger_is_found() {
        assert_eq!(triggers("CREATE VIEW a;\ncreate trigger b AFTER"), [2]);
        assert!(triggers(&without_comments("-- No TRIGGER here.")).is_empty());
    }

    #[test]
    fn each_place_is_read() {
        let root = tempfile::tempdir().unwrap();
        for (folder, extension) in PLACES {
            let folder = root.path().join(folder).join("deep");
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("a.{extension}")), "SELECT * FROM a").unwrap();
        }
        assert_eq!(check(root.path()).unwrap().len(), PLACES.len());
    }
}
