//! Checks that every language has the same keys.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The suffixes of plural forms, which differ between languages.
const PLURALS: &[&str] = &["_zero", "_one", "_two", "_few", "_many", "_other"];

/// The missing keys, one a line. `folder` contains `<locale>.json` or `<locale>/*.json`.
pub fn check(folder: &Path) -> Result<Vec<String>> {
    let locales = read(folder)?;
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

fn read(folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut locales: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in list(folder)? {
        let stem = stem_of(&entry);
        if entry.is_dir() {
            for file in list(&entry)? {
                let prefix = format!("{}.", stem_of(&file));
                read_file(&file, &prefix, locales.entry(stem.clone()).or_default())?;
            }
        } else {
            read_file(&entry, "", locales.entry(stem).or_default())?;
        }
    }
    Ok(locales)
}

fn list(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir()
            || path
                .extension()
                .is_some_and(|extension| extension == "json")
        {
            paths.push(path);
        }
    }
    Ok(paths)
}

fn stem_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn read_file(path: &Path, prefix: &str, keys: &mut BTreeSet<String>) -> Result<()> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let json = serde_json::from_str(&text).with_context(|| format!("{}", path.display()))?;
    collect(&json, prefix, keys);
    Ok(())
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
