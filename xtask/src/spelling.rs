//! Checks that only two crates use the platform's spellings, and that build files name no package host
//! other than the default one.

use anyhow::Result;
use std::path::Path;

use crate::source::{self, code_lines, read};

/// The platform's spellings; ours are `room`, `naming rule`, `user data`, …
const PLATFORM: &[&str] = &[
    "ArRoomID",
    "AppID=",
    "NameRule",
    "groupId",
    "startrecord",
    "stoprecord",
    "anyapi",
    "getVodListByTime",
    "getVodInfoByRoomId",
    "vodtoken",
];

/// The folders where those words are forbidden; they are allowed in `crates/anyrtc` and `crates/sandbox`.
const OURS: &[&str] = &[
    "app/src",
    "frontend/src",
    "server/src",
    "crates/domain/src",
    "crates/store/src",
    "crates/service/src",
];

/// Strings that indicate another package host in build files.
const FOREIGN_HOST: &[(&str, &[&str])] = &[
    ("package-lock.json", &["\"resolved\""]),
    ("end2end/package-lock.json", &["\"resolved\""]),
    (".npmrc", &["registry=http", "//"]),
    ("Cargo.lock", &["source = \"sparse+"]),
    (
        ".cargo/config.toml",
        &["[source", "[registr", "replace-with"],
    ),
    ("Cargo.toml", &["registry =", "registry-index"]),
];

/// Returns the violations, one line each, with file and line number.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for folder in OURS {
        breaches.extend(source::breaches(root, folder, "rs", |_, text| {
            let stays = "is the platform's spelling; it stays in crates/anyrtc";
            let words = platform_words(text).into_iter();
            let words = words.map(|(number, word)| (number, format!("`{word}` {stays}")));
            words.collect()
        })?);
    }
    for (file, marks) in FOREIGN_HOST {
        let path = root.join(file);
        if !path.exists() {
            continue;
        }
        for (number, line) in read(&path)?.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                let number = number + 1;
                breaches.push(format!("{file}:{number}: `{mark}` names a package host"));
            }
        }
    }
    Ok(breaches)
}

/// The line numbers and words of the platform's spellings in code; comments and tests are not checked.
fn platform_words(text: &str) -> Vec<(usize, &'static str)> {
    code_lines(text)
        .flat_map(|(number, code)| {
            let words = PLATFORM.iter().filter(move |word| code.contains(**word));
            words.map(move |word| (number, *word))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn finds_the_platforms_words_in_code_only() {
        let text = "//! `groupId` is the room.\nlet a = \"groupId\";\n// NameRule\n#[cfg(test)]\nmod tests { const A: &str = \"ArRoomID\"; }\n";
        assert_eq!(platform_words(text), [(2, "groupId")]);
    }

    #[test]
    fn finds_a_package_host_in_a_lock_file() {
        let root = tempfile::tempdir().unwrap();
        for folder in OURS {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        fs::write(
            root.path().join("package-lock.json"),
            "{\n \"resolved\": \"https://x\"\n}",
        )
        .unwrap();
        let breaches = check(root.path()).unwrap();
        assert_eq!(
            breaches,
            ["package-lock.json:2: `\"resolved\"` names a package host"]
        );
    }
}
