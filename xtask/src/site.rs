//! The files for the browser: `target/site/pkg/*` and `target/site/build-id`.

use crate::{metadata, pack, source::all_files, wasm};
use anyhow::{Context, Result, anyhow, ensure};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The name of the JavaScript, WebAssembly and CSS files, Leptos' `output_name`.
pub const OUTPUT_NAME: &str = "reelroom";

/// The build mode of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Development: quick to build.
    Dev,
    /// The release binary: as small as possible.
    Release,
}

/// The files of the site by their path under `/pkg/`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Builds the site into the project's `target/site`, even if cargo uses another target folder, because the
/// server's sources contain that path. Does not write files that are up to date.
pub fn build(root: &Path, mode: Mode) -> Result<()> {
    let begin = Instant::now();
    let target = metadata::read(root)?.target;
    let cache = root.join("target/site-cache").join(match mode {
        Mode::Dev => "dev",
        Mode::Release => "release",
    });

    let module = wasm::compile(root, &target, mode)?;
    let mut files = wasm::link(root, &module, &cache, mode)?;
    for (name, source) in [(OUTPUT_NAME, "main"), ("more", "more")] {
        let sheet = bundle_css(&root.join(format!("style/{source}.css")))?;
        files.insert(format!("{name}.css"), sheet.into_bytes());
    }
    files.insert("pages.js".to_owned(), bundle_js(root, mode)?);
    // The icons, served unchanged.
    files.extend(all_in(&root.join("style/static"))?);

    let site = root.join("target/site");
    let written = pack::write(&site, &files, mode)?;
    eprintln!(
        "Site: {written} of {} files written to {} in {:.1} s",
        files.len(),
        site.display(),
        begin.elapsed().as_secs_f32()
    );
    Ok(())
}

/// A minified style sheet of `main.css` and its imports. Without targets, since all supported browsers
/// have `light-dark()`, nesting and layers.
fn bundle_css(main: &Path) -> Result<String> {
    let provider = FileProvider::new();
    let mut sheet = Bundler::new(&provider, None, ParserOptions::default())
        .bundle(main)
        .map_err(|error| anyhow!("{}: {error}", main.display()))?;
    sheet
        .minify(MinifyOptions::default())
        .map_err(|error| anyhow!("{}: {error}", main.display()))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            ..PrinterOptions::default()
        })
        .map_err(|error| anyhow!("{}: {error}", main.display()))?;
    Ok(printed.code)
}

/// The scripts of `frontend/js` with the libraries that they import, as one module.
fn bundle_js(root: &Path, mode: Mode) -> Result<Vec<u8>> {
    let program = root.join("node_modules/.bin/esbuild");
    let mut esbuild = Command::new(&program);
    esbuild
        .current_dir(root)
        .args(["frontend/js/main.js", "--bundle", "--format=esm"])
        .args(["--target=es2022", "--log-level=warning"]);
    if mode == Mode::Release {
        esbuild.args(["--minify", "--legal-comments=none"]);
    }
    let output = esbuild.output().with_context(|| missing(&program))?;
    let messages = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "esbuild: {messages}");
    Ok(output.stdout)
}

/// The error of a program of an npm package that does not start.
pub fn missing(program: &Path) -> String {
    let program = program.display();
    format!("{program} is missing: run `scripts/bootstrap` first")
}

/// Every file below `folder`, by its path relative to it.
pub fn all_in(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    for path in all_files(folder)? {
        let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
        let bytes = fs::read(&path).with_context(|| format!("{}", path.display()))?;
        files.insert(name, bytes);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_is_bundled_and_keeps_what_browsers_know() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, css: &str| fs::write(folder.path().join(name), css).unwrap();
        write(
            "main.css",
            "@layer a, b;\n@import 'b.css' layer(b);\n@import 'a.css' layer(a);\n",
        );
        write(
            "a.css",
            ".x { color: light-dark(#fff, #000); & .y { margin: 0 } }",
        );
        write("b.css", ".z { inset: 0 }");
        assert_eq!(
            bundle_css(&folder.path().join("main.css")).unwrap(),
            "@layer a{.x{color:light-dark(#fff,#000);& .y{margin:0}}}@layer b{.z{inset:0}}"
        );
    }

    #[test]
    fn a_missing_style_sheet_is_named() {
        let error = bundle_css(Path::new("/nowhere/main.css"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("/nowhere/main.css"), "{error}");
    }
}
