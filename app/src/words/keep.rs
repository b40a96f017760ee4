//! Why a recording, a case or a request is left as it is.

use reelroom_domain::keep::Denied;

use crate::i18n::Locale;

/// The code of an error for it.
pub const fn denied_code(denied: Denied) -> &'static str {
    match denied {
        Denied::Held => "held",
        Denied::Running => "running",
        Denied::Fetching => "fetching",
        Denied::NotInTrash => "not_in_trash",
        Denied::InTrash => "in_trash",
        Denied::NotDue => "not_due",
        Denied::Purged => "purged",
    }
}

/// The sentence for a code.
pub fn denied(locale: Locale, code: &str) -> &'static str {
    match code {
        "held" => say!(locale, keep.denied.held),
        "running" => say!(locale, keep.denied.running),
        "fetching" => say!(locale, keep.denied.fetching),
        "not_in_trash" => say!(locale, keep.denied.not_in_trash),
        "in_trash" => say!(locale, keep.denied.in_trash),
        "not_due" => say!(locale, keep.denied.not_due),
        "purged" => say!(locale, keep.denied.purged),
        "not_held" => say!(locale, keep.denied.not_held),
        "closed" => say!(locale, keep.denied.closed),
        "not_open" => say!(locale, keep.denied.not_open),
        _ => say!(locale, keep.denied.other),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_reason_has_its_sentence() {
        let all = [
            Denied::Held,
            Denied::Running,
            Denied::Fetching,
            Denied::NotInTrash,
            Denied::InTrash,
            Denied::NotDue,
            Denied::Purged,
        ];
        for locale in [Locale::en, Locale::zh_CN] {
            let codes = all.map(denied_code).into_iter();
            let codes = codes.chain(["not_held", "closed", "not_open"]);
            let different: BTreeSet<&str> = codes.map(|code| denied(locale, code)).collect();
            assert_eq!(different.len(), all.len() + 3);
            assert!(!different.contains(denied(locale, "else")));
        }
    }
}
