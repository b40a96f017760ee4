use crate::i18n::Locale;

/// The problem with a new password; `code` is [`BadPassword::code`](reelroom_domain::password::BadPassword::code).
pub fn bad_password(locale: Locale, code: &str) -> Option<&'static str> {
    Some(match code {
        "short" => say!(locale, login.new_password.short),
        "long" => say!(locale, login.new_password.long),
        "common" => say!(locale, login.new_password.common),
        "named" => say!(locale, login.new_password.named),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use reelroom_domain::password::BadPassword;

    use super::*;

    #[test]
    fn each_problem_of_a_password_has_its_sentence() {
        for why in [
            BadPassword::Short(12),
            BadPassword::Long,
            BadPassword::Common,
            BadPassword::Named,
        ] {
            assert!(bad_password(Locale::en, why.code()).is_some(), "{why:?}");
        }
        assert_eq!(bad_password(Locale::zh_CN, "else"), None);
    }
}
