//! The source files that are checked.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The lines of code with their numbers, without comments and without the tests at the end of the file. A
/// file of tests has none.
pub fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]") && *line != "#![cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line))
}

/// All files in a folder and its subfolders whose names have this ending, in order.
pub fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = all_files(folder)?;
    files.retain(|path| path.extension().is_some_and(|end| end == extension));
    Ok(files)
}

/// All files in a folder and its subfolders, in order.
pub fn all_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The breaches that `find` finds in the files of a folder with this extension, one line each, with file and line
/// number. `find` takes the path of a file below `root` and its text, and returns line numbers and breaches.
pub fn breaches(
    root: &Path,
    folder: &str,
    extension: &str,
    find: impl Fn(&str, &str) -> Vec<(usize, String)>,
) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for path in files(&root.join(folder), extension)? {
        let file = path.strip_prefix(root)?.to_string_lossy();
        let found = find(&file, &read(&path)?).into_iter();
        breaches.extend(found.map(|(number, breach)| format!("{file}:{number}: {breach}")));
    }
    Ok(breaches)
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
