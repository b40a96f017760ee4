//! Checks that every language has the same keys.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::source::{files, read};

/// The suffixes of plural forms, which differ between languages.
const PLURALS: &[&str] = &["_zero", "_one", "_two", "_few", "_many", "_other"];

/// The missing keys, one a line. `folder` contains `<locale>.json` or `<locale>/*.json`.
pub fn check(folder: &Path) -> Result<Vec<String>> {
    let locales = read_all(folder)?;
    ensure!(!locales.is_empty(), "no locales in {}", folder.display());
    Ok(compare(&locales))
}

fn compare(locales: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let all: BTreeSet<&String> = locales.values().flatten().collect();
    let mut breaches = Vec::new();
    for (locale, keys) in locales {
        for key in &all {
            if !keys.contains(*key) {
                breaches.push(format!("app/locales: {locale} lacks `{key}`"));
            }
        }
    }
    breaches
}

/// The keys of each language; those of `<locale>/<section>.json` begin with the section.
fn read_all(folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut locales: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files(folder, "json")? {
        let name = path.strip_prefix(folder)?.with_extension("");
        let mut words = name.iter().map(|word| word.to_string_lossy());
        let locale = words.next().unwrap_or_default().into_owned();
        let prefix = words.fold(String::new(), |prefix, word| prefix + &word + ".");
        let json = serde_json::from_str(&read(&path)?);
        let json = json.with_context(|| format!("{}", path.display()))?;
        collect(&json, &prefix, locales.entry(locale).or_default());
    }
    Ok(locales)
}

fn collect(json: &Value, prefix: &str, keys: &mut BTreeSet<String>) {
    let Some(object) = json.as_object() else {
        return;
    };
    for (key, value) in object {
        let base = PLURALS.iter().find_map(|plural| key.strip_suffix(plural));
        let key = format!(
            "{prefix}{}",
            base.map_or(key.as_str(), |base| base.trim_end_matches("_ordinal"))
        );
        if value.is_object() {
            collect(value, &format!("{key}."), keys);
        } else {
            keys.insert(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn keys(json: &str) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        collect(&serde_json::from_str(json).unwrap(), "", &mut keys);
        keys
    }

    #[test]
    fn a_key_that_one_language_lacks_is_named() {
        let locales = BTreeMap::from([
            (
                "en".to_owned(),
                keys(r#"{"a": "x", "b": {"c": "y", "d": "z"}}"#),
            ),
            ("zh-CN".to_owned(), keys(r#"{"a": "x", "b": {"c": "y"}}"#)),
        ]);
        assert_eq!(compare(&locales), ["app/locales: zh-CN lacks `b.d`"]);
    }

    #[test]
    fn languages_may_have_other_plural_forms() {
        let locales = BTreeMap::from([
            (
                "en".to_owned(),
                keys(r#"{"n_one": "1 file", "n_other": "{{ count }} files"}"#),
            ),
            (
                "zh-CN".to_owned(),
                keys(r#"{"n_other": "{{ count }} 个文件"}"#),
            ),
        ]);
        assert!(compare(&locales).is_empty());
    }

    #[test]
    fn a_locale_is_a_file_or_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("en.json"), r#"{"a": {"b": "x"}}"#).unwrap();
        fs::create_dir(folder.path().join("zh-CN")).unwrap();
        fs::write(folder.path().join("zh-CN/a.json"), r#"{"c": "x"}"#).unwrap();
        assert_eq!(
            check(folder.path()).unwrap(),
            [
                "app/locales: en lacks `a.c`",
                "app/locales: zh-CN lacks `a.b`"
            ]
        );
    }
}
