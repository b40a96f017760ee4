//! The translations, which `build.rs` generates from `locales/`.

#[expect(
    missing_docs,
    clippy::allow_attributes,
    clippy::pedantic,
    reason = "made by build.rs"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
pub use generated::i18n::*;
