//! Why a recording is left as it is.

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
            let sentences = all.map(|one| denied(locale, denied_code(one)));
            let different: BTreeSet<&str> = sentences.into_iter().collect();
            assert_eq!(different.len(), all.len());
            assert!(!different.contains(denied(locale, "else")));
        }
    }
}
