//! Changes of settings, groups and what describes a recording.

use reelroom_domain::act::{Act, EVERYONE, SettingsChange as C, detail};

use crate::{
    i18n::Locale,
    words::{
        detail::{details, fields, known},
        list::list,
    },
};

/// A change of the settings, with its reason and details.
pub fn setting(locale: Locale, act: &Act) -> Vec<String> {
    let change = act.detail.get(detail::CHANGE);
    let changed = match change.and_then(|change| C::parse(change)) {
        Some(C::AppAdded) => say!(locale, history.setting.app_added).to_owned(),
        Some(C::AppChanged) => say!(locale, history.setting.app_changed).to_owned(),
        Some(C::AppRemoved) => say!(locale, history.setting.app_removed).to_owned(),
        Some(C::HostAllowed) => {
            let host = known(act, detail::HOST).unwrap_or_default();
            say!(locale, history.setting.host_allowed, host)
        }
        Some(C::TimeLimits) => say!(locale, history.setting.time_limits).to_owned(),
        Some(C::SignInRules) => say!(locale, history.setting.sign_in_rules).to_owned(),
        Some(C::Keeping) => say!(locale, history.setting.keeping).to_owned(),
        Some(C::Keep) => say!(locale, history.setting.keep).to_owned(),
        Some(C::RuleSaved) => say!(locale, history.setting.rule_saved).to_owned(),
        Some(C::RuleMoved) => say!(locale, history.setting.rule_moved).to_owned(),
        Some(C::RuleLookedAt) => say!(locale, history.setting.rule_looked_at).to_owned(),
        Some(C::RuleOn) => say!(locale, history.setting.rule_on).to_owned(),
        Some(C::RuleOff) => say!(locale, history.setting.rule_off).to_owned(),
        Some(C::RuleRemoved) => say!(locale, history.setting.rule_removed).to_owned(),
        Some(C::RetentionOn) => say!(locale, history.setting.retention_on).to_owned(),
        Some(C::RetentionOff) => say!(locale, history.setting.retention_off).to_owned(),
        Some(C::RetentionTime) => say!(locale, history.setting.retention_time).to_owned(),
        Some(C::ViewShared) => {
            let with = known(act, detail::SHARED_WITH).unwrap_or_default();
            let with = match with.as_str() {
                EVERYONE => say!(locale, history.setting.everyone).to_owned(),
                _ => with,
            };
            say!(locale, history.setting.view_shared, with)
        }
        Some(C::ViewUnshared) => say!(locale, history.setting.view_unshared).to_owned(),
        None => say!(locale, history.setting.other).to_owned(),
    };
    let shown = [
        detail::CHANGE,
        detail::FIELDS,
        detail::HOST,
        detail::REASON,
        detail::SHARED_WITH,
    ];
    let mut parts = vec![changed];
    let reason = known(act, detail::REASON);
    parts.extend(reason.map(|reason| say!(locale, history.did.because, reason)));
    parts.extend(fields(locale, act));
    parts.extend(details(locale, act, &shown));
    parts
}

/// A change of a group.
pub fn group(locale: Locale, act: &Act) -> Vec<String> {
    let shown = [detail::CHANGE, detail::MEMBER, detail::NAME_FROM];
    let [change, member, former] = shown.map(|name| known(act, name).unwrap_or_default());
    let changed = match change.as_str() {
        "added" => say!(locale, history.did_group.added).to_owned(),
        "renamed" => say!(locale, history.did_group.renamed, former),
        "deleted" => say!(locale, history.did_group.deleted).to_owned(),
        "member_added" => say!(locale, history.did_group.member_added, member),
        "member_removed" => say!(locale, history.did_group.member_removed, member),
        _ => say!(locale, history.did_group.changed).to_owned(),
    };
    let mut parts = vec![changed];
    parts.extend(details(locale, act, &shown));
    parts
}

/// The change of a title, tags or notes.
pub fn described(locale: Locale, act: &Act) -> String {
    let fields = act.detail.get(detail::FIELDS).map_or("", String::as_str);
    let words = fields.split(", ").filter_map(|field| match field {
        "title" => Some(say!(locale, history.described.title)),
        "tags" => Some(say!(locale, history.described.tags)),
        "notes" => Some(say!(locale, history.described.notes)),
        _ => None,
    });
    let words: Vec<&str> = words.collect();
    let what = list(locale, &words);
    say!(locale, history.did.described, what)
}
