use reelroom_domain::act::ActKind as K;

use crate::i18n::Locale;

/// The words of a kind without details of its own.
pub fn fixed(locale: Locale, kind: K) -> &'static str {
    match kind {
        K::SignedIn => say!(locale, history.did.signed_in),
        K::SignedOut => say!(locale, history.did.signed_out),
        K::SignInRefused => say!(locale, history.did.refused),
        K::PasswordSet => say!(locale, history.did.password),
        K::SecondFactorOn => say!(locale, history.did.second_factor_on),
        K::SecondFactorOff => say!(locale, history.did.second_factor_off),
        K::RecoveryCodeUsed => say!(locale, history.did.code_used),
        K::RecoveryCodesMade => say!(locale, history.did.codes_made),
        K::LinkMade => say!(locale, history.did.link),
        K::AccountAdded => say!(locale, history.did.account_added),
        K::AccountChanged => say!(locale, history.did.account_changed),
        K::Disabled => say!(locale, history.did.disabled),
        K::Enabled => say!(locale, history.did.enabled),
        K::SessionsEnded => say!(locale, history.did.sessions_ended),
        K::GrantAdded => say!(locale, history.did.grant_added),
        K::GrantRemoved => say!(locale, history.did.grant_removed),
        K::WrongSignIn
        | K::Watched
        | K::Downloaded
        | K::Exported
        | K::SettingsChanged
        | K::GroupChanged
        | K::Described => "",
        K::CaseChanged => say!(locale, history.did_case.changed),
        K::Trashed => say!(locale, history.did.trashed),
        K::Restored => say!(locale, history.did.restored),
        K::Held => say!(locale, history.did.held),
        K::Released => say!(locale, history.did.released),
        K::HoldKept => say!(locale, history.did.hold_kept),
        K::PurgeAsked => say!(locale, history.did.purge_asked),
        K::Purged => say!(locale, history.did.purged),
        K::ConsentAsked => say!(locale, history.did.consent_asked),
        K::ConsentGiven => say!(locale, history.did.consent_given),
        K::ConsentRefused => say!(locale, history.did.consent_refused),
    }
}
