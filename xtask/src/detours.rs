//! Checks that risky library calls occur only in the one file that wraps them with checks.

use anyhow::Result;
use std::path::Path;

use crate::source::{breaches, code_lines};

/// A piece of code, the only file that may contain it, and the replacement for other files.
const DETOURS: &[(&str, &str, &str)] = &[
    (
        "leptos_axum",
        "app/src/server.rs",
        "use `server::redirect`, which takes a `LocalAddress` only",
    ),
    (
        "Redirect::",
        "app/src/paths.rs",
        "use a `LocalAddress`, which is a redirect",
    ),
    (
        "ServerAction",
        "nowhere",
        "post a plain form, and show its error with `form::failed`",
    ),
];

/// The folders of pages and routes.
const FOLDERS: &[&str] = &["app/src", "server/src"];

/// Returns the violations, one line each, with file and line number.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        found.extend(breaches(root, folder, "rs", detours)?);
    }
    Ok(found)
}

/// The line numbers of such pieces in another file, with their replacements. The server mounts the pages
/// with `leptos_axum`.
fn detours(file: &str, text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, code) in code_lines(text) {
        for (piece, home, instead) in DETOURS {
            let may = file == *home || *piece == "leptos_axum" && file == "server/src/pages.rs";
            if !may && code.contains(piece) {
                found.push((number, (*instead).to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_of_the_library_is_found() {
        let text = "use leptos_axum::redirect;\n// leptos_axum::redirect\nRedirect::to(next)\n";
        let lines = |file| {
            let found = detours(file, text).into_iter();
            found.map(|(line, _)| line).collect::<Vec<_>>()
        };
        assert_eq!(lines("app/src/server_fns/sign_in.rs"), [1, 3]);
        assert_eq!(lines("app/src/server.rs"), [3]);
        assert_eq!(lines("app/src/paths.rs"), [1]);
    }

    #[test]
    fn an_action_of_the_library_is_found() {
        let text = "ServerAction::<SignIn>::new()";
        assert_eq!(detours("app/src/pages/login.rs", text).len(), 1);
    }
}
