//! Builds the WebAssembly: compiles it, binds it to JavaScript, and optimises its size.
//!
//! wasm-bindgen is used as a library, so its version is always the one of `Cargo.lock`, and no tools are
//! compiled.

use crate::metadata::cargo;
use crate::site::{Files, Mode, OUTPUT_NAME, all_in, missing};
use crate::source::files;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// The features that rustc emits for this target and all supported browsers have; `wasm-opt` may use
/// only these.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Compiles the frontend and returns the path of the module.
pub fn compile(root: &Path, target: &Path, mode: Mode) -> Result<PathBuf> {
    let (profile, folder) = match mode {
        Mode::Dev => ("dev", "debug"),
        Mode::Release => ("wasm-release", "wasm-release"),
    };
    let status = cargo()
        .args([
            "build",
            "-p",
            "reelroom-frontend",
            "--target",
            TARGET,
            "--profile",
            profile,
        ])
        .current_dir(root)
        .status()
        .context("cargo did not start")?;
    ensure!(status.success(), "the frontend did not compile");
    Ok(target
        .join(TARGET)
        .join(folder)
        .join("reelroom_frontend.wasm"))
}

/// The browser's files of `module`, from `cache` if neither the module nor the tool has changed.
pub fn link(root: &Path, module: &Path, cache: &Path, mode: Mode) -> Result<Files> {
    let raw = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let optimiser = match mode {
        Mode::Dev => None,
        Mode::Release => Some(Optimiser::find(root)?),
    };
    let version = optimiser
        .as_ref()
        .map(|optimiser| optimiser.version.clone())
        .unwrap_or_default();
    let (cached_raw, cached_version) = (cache.join("raw.wasm"), cache.join("optimiser"));
    let out = cache.join("pkg");
    if fs::read(&cached_raw).is_ok_and(|cached| cached == raw)
        && fs::read_to_string(&cached_version).is_ok_and(|cached| cached == version)
    {
        return all_in(&out);
    }

    if cache.exists() {
        fs::remove_dir_all(cache)?;
    }
    fs::create_dir_all(&out)?;
    eprintln!("Site: binding the module to JavaScript");
    bind(module, &out, mode).context("wasm-bindgen")?;
    if let Some(optimiser) = optimiser {
        eprintln!("Site: wasm-opt");
        for file in files(&out, "wasm")? {
            optimiser.run(&file)?;
        }
    }
    fs::write(cached_version, version)?;
    fs::write(cached_raw, raw)?;
    all_in(&out)
}

fn bind(main: &Path, out: &Path, mode: Mode) -> Result<()> {
    Bindgen::new()
        .input_path(main)
        .out_name(OUTPUT_NAME)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .demangle(false)
        .remove_name_section(mode == Mode::Release)
        .remove_producers_section(mode == Mode::Release)
        .generate(out)
}

/// `wasm-opt` of the npm package `binaryen`.
struct Optimiser {
    program: PathBuf,
    version: String,
}

impl Optimiser {
    fn find(root: &Path) -> Result<Self> {
        let program = root.join("node_modules/.bin/wasm-opt");
        let output = Command::new(&program)
            .arg("--version")
            .output()
            .with_context(|| missing(&program))?;
        let version = format!(
            "{} {}",
            String::from_utf8_lossy(&output.stdout).trim(),
            FEATURES.join(" ")
        );
        Ok(Self { program, version })
    }

    fn run(&self, file: &Path) -> Result<()> {
        let status = Command::new(&self.program)
            .arg("-Oz")
            .args(FEATURES)
            .arg(file)
            .arg("-o")
            .arg(file)
            .status()
            .context("wasm-opt did not start")?;
        ensure!(status.success(), "wasm-opt failed");
        Ok(())
    }
}
