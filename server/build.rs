//! A release binary holds the site, so the site must be there, and must be the small one.

use std::path::Path;

fn main() {
    let id_file = Path::new("../target/site/build-id");
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    println!("cargo::rerun-if-changed={}", id_file.display());
    match std::fs::read_to_string(id_file) {
        // The variable is what makes cargo embed again: new files alone would go unnoticed.
        Ok(id) if !id.starts_with("dev-") => println!("cargo::rustc-env=REELROOM_SITE={id}"),
        Ok(_) => println!("cargo::error=target/site is a development site: run `make site` first"),
        Err(_) => println!("cargo::error=target/site is missing: run `make site` first"),
    }
}
