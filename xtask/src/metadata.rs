//! The metadata of the workspace from cargo.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace.
pub struct Metadata {
    /// Cargo's target folder.
    pub target: PathBuf,
    /// The workspace's own packages.
    pub packages: Vec<Package>,
}

/// One package of the workspace.
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its dependencies, without dev-dependencies.
    pub dependencies: Vec<Dependency>,
}

/// A dependency in a manifest.
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// Whether it is optional.
    pub optional: bool,
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
    parse(&serde_json::from_slice(&output.stdout)?).context("cargo metadata has another form")
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

fn parse(json: &Value) -> Option<Metadata> {
    let target = PathBuf::from(json["target_directory"].as_str()?);
    let packages = json["packages"]
        .as_array()?
        .iter()
        .map(package)
        .collect::<Option<Vec<Package>>>()?;
    Some(Metadata { target, packages })
}

fn package(json: &Value) -> Option<Package> {
    let dependencies = json["dependencies"]
        .as_array()?
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| {
            Some(Dependency {
                name: dependency["name"].as_str()?.to_owned(),
                optional: dependency["optional"].as_bool()?,
            })
        })
        .collect::<Option<Vec<Dependency>>>()?;
    Some(Package {
        name: json["name"].as_str()?.to_owned(),
        dependencies,
    })
}
