//! Writes the site's files with their compressed forms beside them.

use crate::site::{Files, Mode};
use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The extensions of files that are compressed.
const COMPRESSIBLE: &[&str] = &["css", "js", "json", "svg", "txt", "wasm"];

/// The prefix of the id of a development site, which the release build refuses.
const DEV: &str = "dev-";

/// Writes exactly `files` to `site/pkg`, each with `.br` and `.gz` if that is smaller, and their hash to
/// `site/build-id`. Returns the number of new files.
pub fn write(site: &Path, files: &Files, mode: Mode) -> Result<usize> {
    let id_path = site.join("build-id");
    let id = build_id(files, mode);
    let old_id = fs::read_to_string(&id_path).unwrap_or_default();
    if old_id == id {
        return Ok(0);
    }

    // The id is written last: a site without one is incomplete. Files of another mode are not reused.
    let reusable = !old_id.is_empty() && old_id.starts_with(DEV) == (mode == Mode::Dev);
    let pkg = site.join("pkg");
    fs::create_dir_all(&pkg)?;
    if id_path.exists() {
        fs::remove_file(&id_path)?;
    }
    let mut kept = Vec::new();
    let mut written = 0;
    for (name, bytes) in files {
        let path = pkg.join(name);
        let [br, gz] = ["br", "gz"].map(|form| path.with_added_extension(form));
        let forms = [path.clone(), br, gz];
        if !(reusable && fs::read(&path).is_ok_and(|old| old == *bytes)) {
            write_forms(&forms, bytes, mode).with_context(|| format!("{}", path.display()))?;
            written += 1;
        }
        kept.extend(forms);
    }
    remove_others(&pkg, &kept)?;
    fs::write(&id_path, &id)?;
    Ok(written)
}

/// A short hash of all names and contents, the version in the addresses of the site's files.
fn build_id(files: &Files, mode: Mode) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in files {
        hash.update(name.len().to_be_bytes());
        hash.update(name);
        hash.update(bytes.len().to_be_bytes());
        hash.update(bytes);
    }
    let id = hash
        .finalize()
        .iter()
        .take(6)
        .fold(0_u64, |id, byte| (id << 8) | u64::from(*byte));
    match mode {
        Mode::Dev => format!("{DEV}{id:012x}"),
        Mode::Release => format!("{id:012x}"),
    }
}

fn write_forms([path, br, gz]: &[PathBuf; 3], bytes: &[u8], mode: Mode) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    for compressed in [br, gz] {
        if compressed.exists() {
            fs::remove_file(compressed)?;
        }
    }
    fs::write(path, bytes)?;
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    if !COMPRESSIBLE.contains(&extension.as_ref()) {
        return Ok(());
    }
    let (brotlied, gzipped) = (brotli(bytes, mode)?, gzip(bytes, mode)?);
    if mode == Mode::Release {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        eprintln!(
            "Site: {name}: {} B, gzip {} B, brotli {} B",
            bytes.len(),
            gzipped.len(),
            brotlied.len()
        );
    }
    for (compressed, form) in [(br, brotlied), (gz, gzipped)] {
        if form.len() < bytes.len() {
            fs::write(compressed, form)?;
        }
    }
    Ok(())
}

fn brotli(bytes: &[u8], mode: Mode) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: match mode {
            Mode::Dev => 5,
            Mode::Release => 11,
        },
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
    Ok(out)
}

fn gzip(bytes: &[u8], mode: Mode) -> Result<Vec<u8>> {
    let level = match mode {
        Mode::Dev => Compression::fast(),
        Mode::Release => Compression::best(),
    };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn remove_others(folder: &Path, kept: &[PathBuf]) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
            // Fails for a folder that is not empty.
            drop(fs::remove_dir(&path));
        } else if !kept.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn files(entries: &[(&str, &str)]) -> Files {
        entries
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn each_file_comes_with_its_compressed_forms() {
        let site = tempfile::tempdir().unwrap();
        let text = "body{margin:0}".repeat(50);
        let written = write(
            site.path(),
            &files(&[("a.css", &text), ("b.woff2", &text)]),
            Mode::Release,
        )
        .unwrap();
        assert_eq!(written, 2);
        let pkg = site.path().join("pkg");
        assert_eq!(names(&pkg), ["a.css", "a.css.br", "a.css.gz", "b.woff2"]);

        let mut plain = String::new();
        let packed = fs::read(pkg.join("a.css.br")).unwrap();
        brotli::Decompressor::new(packed.as_slice(), 4096)
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain, text);
        plain.clear();
        let packed = fs::read(pkg.join("a.css.gz")).unwrap();
        flate2::read::GzDecoder::new(packed.as_slice())
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain, text);
    }

    #[test]
    fn only_changed_files_are_written_and_absent_ones_are_deleted() {
        let site = tempfile::tempdir().unwrap();
        let id = || fs::read_to_string(site.path().join("build-id")).unwrap();
        let first = files(&[("a.js", "1"), ("snippets/x/b.js", "2")]);
        assert_eq!(write(site.path(), &first, Mode::Release).unwrap(), 2);
        let old = id();
        assert_eq!(write(site.path(), &first, Mode::Release).unwrap(), 0);
        assert_eq!(old, id());
        let second = files(&[("a.js", "3")]);
        assert_eq!(write(site.path(), &second, Mode::Release).unwrap(), 1);
        assert_ne!(old, id());
        assert_eq!(names(&site.path().join("pkg")), ["a.js"]);
    }

    #[test]
    fn a_development_site_is_told_apart_and_not_reused_for_release() {
        let site = tempfile::tempdir().unwrap();
        let one = files(&[("a.js", "1")]);
        write(site.path(), &one, Mode::Dev).unwrap();
        assert!(
            fs::read_to_string(site.path().join("build-id"))
                .unwrap()
                .starts_with(DEV)
        );
        assert_eq!(write(site.path(), &one, Mode::Release).unwrap(), 1);
    }
}
