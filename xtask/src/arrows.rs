//! Checks the dependencies between our crates, and the crates that may depend on sqlx and axum.
//!
//! Dependencies of tests are not checked.

use crate::metadata::{Metadata, Package};

/// Each of our crates with its allowed dependencies; `?` marks one that must be optional.
const ARROWS: &[(&str, &str)] = &[
    ("reelroom-domain", ""),
    ("reelroom-anyrtc", ""),
    ("reelroom-linear", ""),
    ("reelroom-zip", ""),
    ("reelroom-media", ""),
    ("reelroom-store", "reelroom-domain"),
    (
        "reelroom-service",
        "reelroom-store reelroom-anyrtc reelroom-domain reelroom-media reelroom-zip",
    ),
    ("reelroom-sandbox", "reelroom-anyrtc"),
    ("reelroom-app", "reelroom-domain ?reelroom-service"),
    ("reelroom-frontend", "reelroom-app"),
    (
        "reelroom",
        "reelroom-app reelroom-anyrtc reelroom-domain reelroom-sandbox reelroom-service reelroom-store",
    ),
    ("xtask", ""),
];

/// External crates, each with the workspace crates that may depend on it, as in [`ARROWS`]. The sandbox may
/// use axum because it is an HTTP server.
const RESERVED: &[(&str, &str)] = &[
    ("sqlx", "reelroom-store"),
    ("axum", "reelroom reelroom-sandbox ?reelroom-app"),
    ("leptos_axum", "reelroom ?reelroom-app"),
];

/// Returns the violations, one sentence each.
pub fn check(metadata: &Metadata) -> Vec<String> {
    metadata.packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<String> {
    let name = package.name.as_str();
    let Some((_, allowed)) = ARROWS.iter().find(|(ours, _)| *ours == name) else {
        return vec![format!(
            "{name}: no rule for the dependencies of this crate (xtask/src/arrows.rs)"
        )];
    };
    let mut breaches = Vec::new();
    let all = package.dependencies.iter();
    for dependency in all.filter(|one| one.kind.as_deref() != Some("dev")) {
        let other = dependency.name.as_str();
        let listed = if ARROWS.iter().any(|(ours, _)| *ours == other) {
            permission(allowed, other)
        } else if let Some((_, namers)) = RESERVED.iter().find(|(crate_, _)| *crate_ == other) {
            permission(namers, name)
        } else {
            continue;
        };
        match listed {
            None => breaches.push(format!("{name} must not depend on {other}")),
            Some(Permission::Optional) if !dependency.optional => {
                breaches.push(format!(
                    "{name} may depend on {other} only as an option (ssr)"
                ));
            }
            Some(_) => {}
        }
    }
    breaches
}

enum Permission {
    Plain,
    Optional,
}

fn permission(list: &str, name: &str) -> Option<Permission> {
    let mut entries = list.split_whitespace();
    entries.find_map(|entry| match entry.strip_prefix('?') {
        Some(optional) => (optional == name).then_some(Permission::Optional),
        None => (entry == name).then_some(Permission::Plain),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Dependency;

    fn breaches(name: &str, dependencies: &[(&str, bool)]) -> Vec<String> {
        check_package(&Package {
            name: name.to_owned(),
            dependencies: dependencies
                .iter()
                .map(|(name, optional)| Dependency {
                    name: (*name).to_owned(),
                    optional: *optional,
                    kind: None,
                })
                .collect(),
        })
    }

    #[test]
    fn arrows_run_one_way() {
        assert!(breaches("reelroom-service", &[("reelroom-store", false)]).is_empty());
        assert_eq!(
            breaches("reelroom-store", &[("reelroom-service", false)]),
            ["reelroom-store must not depend on reelroom-service"]
        );
        assert_eq!(
            breaches("reelroom", &[("reelroom-frontend", false)]),
            ["reelroom must not depend on reelroom-frontend"]
        );
    }

    #[test]
    fn the_pages_know_the_service_only_on_the_server() {
        assert!(
            breaches(
                "reelroom-app",
                &[("reelroom-service", true), ("axum", true)]
            )
            .is_empty()
        );
        assert_eq!(
            breaches("reelroom-app", &[("reelroom-service", false)]),
            ["reelroom-app may depend on reelroom-service only as an option (ssr)"]
        );
    }

    #[test]
    fn only_the_store_names_sqlx() {
        assert!(breaches("reelroom-store", &[("sqlx", false)]).is_empty());
        assert_eq!(
            breaches("reelroom-service", &[("sqlx", false), ("serde", false)]),
            ["reelroom-service must not depend on sqlx"]
        );
    }

    #[test]
    fn a_new_crate_needs_a_rule() {
        assert_eq!(breaches("reelroom-extra", &[]).len(), 1);
    }
}
