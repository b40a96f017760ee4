//! Accounts, and what they may do.

use reelroom_domain::{
    access::{Right, Rights},
    user::Role,
};

use super::{list::list, role::right};
use crate::i18n::Locale;

/// Two letters that identify an account: the last two digits of `u1001`, else the first two letters.
pub fn initials(name: &str) -> String {
    let letters: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let end = &letters[letters.len().saturating_sub(2)..];
    let two = if letters.len() > 2 && end.iter().all(char::is_ascii_digit) {
        end
    } else {
        &letters[..letters.len().min(2)]
    };
    two.iter().collect::<String>().to_uppercase()
}

/// The tasks of a role.
pub fn role_text(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Viewer => say!(locale, people.role.viewer),
        Role::Auditor => say!(locale, people.role.auditor),
        Role::Operator => say!(locale, people.role.operator),
        Role::Admin => say!(locale, people.role.admin),
    }
}

/// The name of a right as a label, and what it is about.
pub fn right_label(locale: Locale, right: Right) -> (&'static str, &'static str) {
    macro_rules! of {
        ($($word:ident).+, $text:ident) => {
            (say!(locale, $($word).+), say!(locale, people.right.$text))
        };
    }
    match right {
        Right::Download => of!(common.action.download, download_text),
        Right::Delete => of!(common.action.delete, delete_text),
        Right::Release => of!(people.right.release, release_text),
        Right::Share => of!(people.right.share, share_text),
        Right::Export => of!(common.action.export, export_text),
    }
}

/// The names of rights: `download, share`.
pub fn rights(locale: Locale, rights: &Rights) -> String {
    let names: Vec<&str> = rights.iter().map(|one| right(locale, one)).collect();
    list(locale, &names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_listed_in_the_readers_language() {
        let given: Rights = "share,download".parse().unwrap();
        assert_eq!(rights(Locale::en, &given), "download, share");
        assert_eq!(rights(Locale::zh_CN, &given), "下载、分享");
        assert_eq!(rights(Locale::en, &Rights::default()), "");
    }

    #[test]
    fn two_letters_tell_people_apart() {
        for (name, expected) in [
            ("u1001", "01"),
            ("ann", "AN"),
            ("", ""),
            ("李雷", "李雷"),
            ("x", "X"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
