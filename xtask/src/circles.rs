//! Finds circular dependencies inside a crate. The modules of a folder may depend on each other in one
//! direction only, and none may use an item that its parent module defines or re-exports. A use of an item
//! that the crate root re-exports counts as a use of the module that defines it.
//!
//! Every path that begins with `crate`, `super` or `self` is a use, also in a macro. Tests are not
//! checked.

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, LexError, TokenStream, TokenTree as T};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::source::{files, read};

/// The checked crates.
const CRATES: &[&str] = &[
    "app",
    "crates/anyrtc",
    "crates/domain",
    "crates/media",
    "crates/sandbox",
    "crates/service",
    "crates/store",
    "crates/zip",
    "server",
];

/// The path of a module from the root of its crate.
type Module = Vec<String>;

/// A crate's files.
#[derive(Default)]
struct Crate {
    /// Each module that is a file, with the paths used in it.
    modules: BTreeMap<Module, Vec<Module>>,
    /// The re-exports of the root by name.
    exports: BTreeMap<String, Module>,
    tests: Vec<Module>,
}

/// Returns the violations, one sentence each.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for folder in CRATES {
        let found = check_crate(&root.join(folder))?;
        breaches.extend(found.iter().map(|breach| format!("{folder}: {breach}")));
    }
    Ok(breaches)
}

/// Returns the violations in one crate.
fn check_crate(folder: &Path) -> Result<Vec<String>> {
    let source = folder.join("src");
    let mut all = Crate::default();
    for path in files(&source, "rs")? {
        all.add(path.strip_prefix(&source)?, &read(&path)?)
            .map_err(|error| anyhow!("{}: {error}", path.display()))?;
    }
    Ok(all.breaches())
}

impl Crate {
    fn add(&mut self, file: &Path, text: &str) -> Result<(), LexError> {
        let mut module: Module = (file.with_extension("").iter())
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        let root = module.len() == 1 && (module[0] == "lib" || module[0] == "main");
        if root || module.last().is_some_and(|name| name == "mod") {
            module.pop();
        }
        let mut paths = Vec::new();
        self.collect(text.parse()?, &module, &mut paths);
        self.modules.entry(module).or_default().extend(paths);
        Ok(())
    }

    /// Collects the paths in these tokens of `module`.
    fn collect(&mut self, tokens: TokenStream, module: &[String], paths: &mut Vec<Module>) {
        let mut tokens = &*tokens.into_iter().collect::<Vec<_>>();
        while let Some((token, rest)) = tokens.split_first() {
            tokens = match (token, rest) {
                (T::Punct(_), [T::Punct(sign), T::Group(attribute), ..])
                    if sign.as_char() == '!' && attribute.to_string() == "[cfg (test)]" =>
                {
                    self.tests.push(module.to_vec());
                    return;
                }
                (T::Punct(_), [T::Group(attribute), item @ ..])
                    if attribute.to_string() == "[cfg (test)]" =>
                {
                    if let [T::Ident(word), T::Ident(name), T::Punct(_), ..] = item
                        && word == "mod"
                    {
                        self.tests.push([module, &[name.to_string()]].concat());
                    }
                    let end = item.iter().position(ends_item);
                    &item[end.map_or(item.len(), |end| end + 1)..]
                }
                // In a macro the name may be a variable.
                (
                    T::Ident(word),
                    [T::Ident(name), T::Group(inside), rest @ ..]
                    | [T::Punct(_), T::Ident(name), T::Group(inside), rest @ ..],
                ) if word == "mod" => {
                    let below = [module, &[name.to_string()]].concat();
                    self.collect(inside.stream(), &below, paths);
                    rest
                }
                (T::Ident(word), [T::Ident(first), rest @ ..])
                    if module.is_empty() && word == "use" && first != "crate" =>
                {
                    let mut exports = Vec::new();
                    let rest = follow(vec![first.to_string()], rest, &mut exports);
                    let named = |path: Module| Some((path.last()?.clone(), path));
                    self.exports.extend(exports.into_iter().filter_map(named));
                    rest
                }
                (T::Ident(word), rest @ [T::Punct(colon), ..]) if colon.as_char() == ':' => {
                    let begin = match word.to_string().as_str() {
                        "crate" => Some(&[][..]),
                        "self" => Some(module),
                        "super" => module.split_last().map(|(_, above)| above),
                        _ => None,
                    };
                    begin.map_or(rest, |begin| follow(begin.to_vec(), rest, paths))
                }
                (T::Group(group), rest) => {
                    self.collect(group.stream(), module, paths);
                    rest
                }
                _ => rest,
            };
        }
    }

    fn breaches(&self) -> Vec<String> {
        let is_test = |module: &Module| self.tests.iter().any(|test| module.starts_with(test));
        let modules = self.modules.iter().filter(|(module, _)| !is_test(module));
        let mut breaches = BTreeSet::new();
        // Two modules of the same folder, and the uses of the second by the first.
        let mut arrows: BTreeMap<(&[String], &[String]), BTreeSet<String>> = BTreeMap::new();
        for (from, paths) in modules {
            for path in paths {
                let sentence = format!("`{}` uses `{}`", from.join("::"), path.join("::"));
                let export = path.first().and_then(|name| self.exports.get(name));
                let path = export.unwrap_or(path);
                let depth = (0..=path.len()).rev();
                let to = depth.map(|depth| &path[..depth]);
                let to = to.into_iter().find(|to| self.modules.contains_key(*to));
                let to = to.unwrap_or_default();
                if to.len() < from.len() && from.starts_with(to) {
                    breaches.insert(format!("{sentence} of the module that composes it"));
                } else if !to.starts_with(from) && !from.starts_with(to) {
                    let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
                    arrows
                        .entry((&from[..=shared], &to[..=shared]))
                        .or_default()
                        .insert(sentence);
                }
            }
        }
        for ((from, to), sentences) in &arrows {
            let mut reached = BTreeSet::from([*to]);
            while let Some(next) = (arrows.keys())
                .find(|(one, other)| reached.contains(one) && !reached.contains(other))
            {
                reached.insert(next.1);
            }
            if reached.contains(from) {
                let circle = format!("`{}` leads back to `{}`", to.join("::"), from.join("::"));
                breaches.extend(sentences.iter().map(|one| format!("{one}, and {circle}")));
            }
        }
        breaches.into_iter().collect()
    }
}

/// Parses the rest of a path and returns the tokens after it. A group makes a path of each part.
fn follow<'a>(mut path: Module, mut tokens: &'a [T], paths: &mut Vec<Module>) -> &'a [T] {
    while let [T::Punct(one), T::Punct(two), next, rest @ ..] = tokens
        && (one.as_char(), two.as_char()) == (':', ':')
    {
        match next {
            T::Ident(word) if word == "super" => drop(path.pop()),
            T::Ident(word) => path.push(word.to_string()),
            T::Punct(sign) if sign.as_char() == '*' => path.push("*".to_owned()),
            T::Group(group) => {
                let parts: Vec<T> = group.stream().into_iter().collect();
                for part in parts.split(|token| token.to_string() == ",") {
                    if let Some((first, part)) = part.split_first() {
                        let mut path = path.clone();
                        if first.to_string() != "self" {
                            path.push(first.to_string());
                        }
                        follow(path, part, paths);
                    }
                }
                return rest;
            }
            _ => break,
        }
        tokens = rest;
    }
    paths.push(path);
    tokens
}

/// Whether this token ends an item.
fn ends_item(token: &T) -> bool {
    match token {
        T::Punct(sign) => sign.as_char() == ';',
        T::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(files: &[(&str, &str)]) -> Vec<String> {
        let mut all = Crate::default();
        for (file, text) in files {
            all.add(Path::new(file), text).unwrap();
        }
        all.breaches()
    }

    #[test]
    fn folders_use_each_other_one_way() {
        let rooms = (
            "rooms/list.rs",
            "use crate::{clock::Clock, files::{open::Open, x}};",
        );
        let lib = (
            "lib.rs",
            "mod clock; mod files; mod rooms; pub use rooms::list::List;",
        );
        let files = ["files/open.rs", "files/mod.rs"].map(|file| (file, ""));
        let mut all = vec![lib, rooms, ("clock.rs", ""), files[0], files[1]];
        assert!(breaches(&all).is_empty());
        all[3].1 = "fn open() -> crate::rooms::list::List {}";
        assert_eq!(
            breaches(&all),
            [
                "`files::open` uses `rooms::list::List`, and `rooms` leads back to `files`",
                "`rooms::list` uses `files::open::Open`, and `files` leads back to `rooms`",
                "`rooms::list` uses `files::x`, and `files` leads back to `rooms`",
            ]
        );
        all[4].1 = "#[cfg(test)] mod open;";
        assert!(breaches(&all).is_empty());
    }

    #[test]
    fn a_circle_may_be_long_and_inside_a_macro() {
        let found = breaches(&[
            ("a.rs", "use super::b::B;"),
            ("b.rs", "fn b() { println!(\"{}\", crate::c::C) }"),
            ("c.rs", "impl super::a::A for C {}"),
            ("d.rs", "use crate::a::A;"),
        ]);
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn a_composing_module_is_not_used_from_below() {
        let found = breaches(&[
            (
                "lib.rs",
                "mod rooms; #[cfg(test)] mod tests; pub struct Service; pub use error::{Error, b::B}; mod error;",
            ),
            (
                "rooms.rs",
                "mod list; mod page; use self::list::List; use crate::{B, Service};",
            ),
            ("error.rs", ""),
            (
                "rooms/list.rs",
                "use super::{Rooms, page::Page}; pub(super) struct List;",
            ),
            ("rooms/page.rs", "impl Page { fn of(self) { self::of() } }"),
        ]);
        assert_eq!(
            found,
            [
                "`rooms::list` uses `rooms::Rooms` of the module that composes it",
                "`rooms` uses `Service` of the module that composes it",
            ]
        );
    }

    #[test]
    fn tests_are_free() {
        let tests = "#[cfg(test)] mod tests { use super::*; } #[cfg(test)] use crate::b::B; mod x;";
        let whole = [
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "#![cfg(test)] use crate::a::A;"),
        ];
        assert!(breaches(&whole).is_empty());
        assert!(
            breaches(&[
                ("a.rs", tests),
                ("b.rs", "pub(super) fn b(_: crate::a::A) {}")
            ])
            .is_empty()
        );
    }
}
