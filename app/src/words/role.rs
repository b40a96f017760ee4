use reelroom_domain::{access::Right, user::Role};

use crate::i18n::Locale;

/// The name of a role.
pub fn role(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Viewer => say!(locale, common.me.viewer),
        Role::Auditor => say!(locale, common.me.auditor),
        Role::Operator => say!(locale, common.me.operator),
        Role::Admin => say!(locale, common.me.admin),
    }
}

/// A right, within a sentence.
pub fn right(locale: Locale, right: Right) -> &'static str {
    match right {
        Right::Download => say!(locale, me.right.download),
        Right::Delete => say!(locale, me.right.delete),
        Right::Release => say!(locale, me.right.release),
        Right::Share => say!(locale, me.right.share),
        Right::Export => say!(locale, me.right.export),
    }
}
