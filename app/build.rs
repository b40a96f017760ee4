//! Makes the module of translations from `locales/`.

use std::{env, error::Error, path::PathBuf};

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

const NAMESPACES: &[&str] = &[
    "common",
    "keys",
    "login",
    "library",
    "views",
    "calendar",
    "selection",
    "look",
    "recording",
    "keep",
    "trash",
    "cases",
    "certificate",
    "settings",
    "rooms",
    "watch",
    "callbacks",
    "composer",
    "presets",
    "apps",
    "storage",
    "retention",
    "sign_in",
    "history",
    "me",
    "people",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?).join("i18n");
    let config = Config::new("en")?
        .add_locale("zh-CN")?
        .add_namespaces(NAMESPACES.iter().copied())?
        // So that a text with arguments can be an attribute, too.
        .parse_options(ParseOptions::new().interpolate_display(true));
    let translations = TranslationsInfos::parse(config)?;
    translations.rerun_if_locales_changed();
    translations.generate_i18n_module(out)?;
    Ok(())
}
