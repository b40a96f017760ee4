//! The metadata of the workspace from cargo.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace.
#[derive(Deserialize)]
pub struct Metadata {
    /// Cargo's target folder.
    #[serde(rename = "target_directory")]
    pub target: PathBuf,
    /// The workspace's own packages.
    pub packages: Vec<Package>,
}

/// One package of the workspace.
#[derive(Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its dependencies.
    pub dependencies: Vec<Dependency>,
}

/// A dependency in a manifest.
#[derive(Deserialize)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// Whether it is optional.
    pub optional: bool,
    /// Its kind, such as `dev`; `None` for a normal one.
    pub kind: Option<String>,
}

/// Runs `cargo metadata`, which takes a tenth of a second and no network.
pub fn read(root: &Path) -> Result<Metadata> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root)
        .output()
        .context("cargo metadata did not start")?;
    ensure!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).context("cargo metadata has another form")
}

/// A command for the cargo that runs this program, without the environment variables of this package. Build
/// scripts would detect them as a change and rebuild `ring` and all its dependents.
pub fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let name_of = name.to_string_lossy();
        if name_of.starts_with("CARGO_PKG_") || name_of.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}
