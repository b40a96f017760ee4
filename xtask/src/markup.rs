//! Checks that outside text never becomes markup: unescaped output of Leptos is allowed only in the
//! component that escapes it, or with an explanation.

use anyhow::Result;
use std::path::Path;

use crate::source::{breaches, code_lines};

/// Elements whose text Leptos does not escape, and the only file that may use each.
const WRAPPED: &[(&[&str], &str)] = &[
    (&["<title", "html::title", "title()"], "app/src/document.rs"),
    (
        &["<textarea", "html::textarea", "textarea()"],
        "app/src/text_area.rs",
    ),
];

/// Other unescaped output, which needs a comment above it that begins with [`REASON`].
const EXPLAINED: &[&str] = &[
    "inner_html",
    "outer_html",
    "insert_adjacent_html",
    "<script",
    "<Script",
    "<style",
    "<Style",
    "<noscript",
];

/// The start of a comment that explains why the markup below it has no outside text.
const REASON: &str = "// Markup: ";

/// Returns the violations, one line each, with file and line number.
pub fn check(root: &Path) -> Result<Vec<String>> {
    breaches(root, "app/src", "rs", raw_markup)
}

/// The line numbers and violations of one file.
fn raw_markup(file: &str, text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut breaches = Vec::new();
    for (number, code) in code_lines(text) {
        for (words, home) in WRAPPED {
            if file != *home && words.iter().any(|word| names(code, word)) {
                breaches.push((number, format!("written raw by Leptos; use {home}")));
            }
        }
        let raw = EXPLAINED.iter().find(|word| code.contains(**word));
        if let Some(raw) = raw.filter(|_| !explained(&lines[..number - 1])) {
            let why = format!("`{raw}` without a comment above it, `{REASON}…`");
            breaches.push((number, why));
        }
    }
    breaches
}

/// Whether `code` contains `word` and not only a longer word that begins with it.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let next = code[at + word.len()..].chars().next();
        !next.is_some_and(|next| next.is_alphanumeric() || next == '_')
    })
}

/// Whether the comment at the end of `above` gives a reason.
fn explained(above: &[&str]) -> bool {
    above
        .iter()
        .rev()
        .map(|line| line.trim_start())
        .take_while(|line| line.starts_with("//"))
        .any(|line| line.starts_with(REASON))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "app/src/pages/library.rs";

    fn lines(file: &str, text: &str) -> Vec<usize> {
        raw_markup(file, text)
            .into_iter()
            .map(|(number, _)| number)
            .collect()
    }

    #[test]
    fn a_title_stands_in_the_document_only() {
        let raw = "view! { <title>{room}</title> }";
        assert_eq!(lines(PAGE, raw), [1]);
        assert_eq!(lines("app/src/document.rs", raw), [0; 0]);
        let others = "LabelError::Title => 1,\n<TitleRow />\ntitle=room";
        assert_eq!(lines(PAGE, others), [0; 0]);
    }

    #[test]
    fn a_textarea_stands_in_its_component_only() {
        let raw = "<textarea\n    name=\"a\"\n>\n// <textarea\n</textarea>";
        assert_eq!(lines(PAGE, raw), [1]);
        assert_eq!(lines(PAGE, "html::textarea().child(text)"), [1]);
        assert_eq!(lines("app/src/text_area.rs", raw), [0; 0]);
        assert_eq!(lines(PAGE, "<TextArea text=text />"), [0; 0]);
    }

    #[test]
    fn markup_is_explained_where_it_is_written() {
        let raw = "<svg\n    class=\"i\"\n    inner_html=shapes\n></svg>";
        assert_eq!(lines(PAGE, raw), [3]);
        let explained = raw.replace(
            "    inner",
            "    // Markup: shapes of ours,\n    // all fixed.\n    inner",
        );
        assert_eq!(lines(PAGE, &explained), [0; 0]);
        let elsewhere = raw.replace("<svg", "// Markup: too far away.\n<svg");
        assert_eq!(lines(PAGE, &elsewhere), [4]);
        assert_eq!(lines(PAGE, "element.set_inner_html(&text);"), [1]);
        assert_eq!(lines(PAGE, "<noscript>{text}</noscript>"), [1]);
    }

    #[test]
    fn tests_may_write_what_they_like() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests { const A: &str = \"<textarea\"; }";
        assert_eq!(lines(PAGE, text), [0; 0]);
    }
}
