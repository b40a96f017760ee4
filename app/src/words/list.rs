//! Several texts as one.

use std::borrow::Borrow;

use crate::i18n::Locale;

/// A list of names: `class-7A, lab`.
pub fn list(locale: Locale, names: &[impl Borrow<str>]) -> String {
    names.join(match locale {
        Locale::en => ", ",
        Locale::zh_CN => "、",
    })
}

/// The parts of a sentence: `signed in, new device`.
pub fn clauses(locale: Locale, parts: &[impl Borrow<str>]) -> String {
    parts.join(match locale {
        Locale::en => ", ",
        Locale::zh_CN => "，",
    })
}

/// Parts that may have commas of their own: `added: b, c; removed: a`.
pub fn phrases(locale: Locale, parts: &[impl Borrow<str>]) -> String {
    parts.join(match locale {
        Locale::en => "; ",
        Locale::zh_CN => "；",
    })
}
