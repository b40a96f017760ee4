use reelroom_domain::{
    access::Rights,
    act::{Act, detail as key},
    user::Role,
    visible::visible_line,
};

use super::{access::rights, list::list, role::role};
use crate::i18n::Locale;

/// The maximum length of a text from outside, in characters.
const LONGEST: usize = 160;

/// A detail of an act, made safe to show.
pub fn known(act: &Act, name: &str) -> Option<String> {
    let value = act.detail.get(name).filter(|value| !value.is_empty())?;
    Some(visible_line(value, LONGEST))
}

/// The details of an act but those named in `shown`: `role: Viewer → Operator`.
pub fn details(locale: Locale, act: &Act, shown: &[&str]) -> Vec<String> {
    let value = |name: &str, of: &str| {
        let value = act.detail.get(of).map(String::as_str);
        value_in(locale, name, value.unwrap_or_default())
    };
    let names = act.detail.iter();
    let names = names.filter(|(name, _)| !shown.contains(&name.as_str()));
    let line = |(name, to): (&String, &String)| match name.rsplit_once('_') {
        // Part of the line of the new value.
        Some((_, "from")) => None,
        Some((of, "to")) => {
            let [from, to] = [format!("{of}_from"), name.clone()].map(|one| value(of, &one));
            Some(pair(locale, &label(locale, of), &format!("{from} → {to}")))
        }
        _ if to.is_empty() => None,
        _ => Some(pair(locale, &label(locale, name), &value(name, name))),
    };
    names.filter_map(line).collect()
}

/// A value and its label: `role: Operator`.
pub fn pair(locale: Locale, label: &str, value: &str) -> String {
    match locale {
        Locale::en => format!("{label}: {value}"),
        Locale::zh_CN => format!("{label}：{value}"),
    }
}

/// The grant of an act, with its room or prefix: `Prefix: class-*`.
pub fn grant(locale: Locale, act: &Act) -> Option<String> {
    let kind = act.detail.get(key::GRANT)?.as_str();
    let word = match kind {
        "room" => say!(locale, common.word.room),
        "prefix" => say!(locale, people.grant.kind_prefix),
        "app" => say!(locale, common.word.app),
        "everything" => say!(locale, people.grant.everything),
        kind => return Some(visible_line(kind, LONGEST)),
    };
    Some(match known(act, key::ROOM) {
        Some(prefix) if kind == "prefix" => pair(locale, word, &format!("{prefix}*")),
        Some(room) => pair(locale, word, &room),
        None => word.to_owned(),
    })
}

/// The names of the changed fields of an app.
pub fn fields(locale: Locale, act: &Act) -> Option<String> {
    let names = known(act, key::FIELDS)?;
    let names: Vec<String> = names.split(", ").map(|name| label(locale, name)).collect();
    Some(list(locale, &names))
}

/// The name of a detail or of a field of an app; an unknown one as it is.
fn label(locale: Locale, name: &str) -> String {
    let word = match name {
        key::APP => say!(locale, history.detail.app),
        "role" => say!(locale, history.detail.role),
        "rights" => say!(locale, history.detail.rights),
        "person" => say!(locale, history.detail.person),
        "provider" => say!(locale, history.detail.provider),
        "link_by" => say!(locale, history.detail.link_by),
        "sessions" => say!(locale, history.detail.sessions),
        "late" => say!(locale, watch.patience.late),
        "due" => say!(locale, watch.patience.due),
        "idle_hours" => say!(locale, sign_in.idle_hours),
        "at_most_days" => say!(locale, sign_in.at_most_days),
        "link_hours" => say!(locale, sign_in.link_hours),
        "password_length" => say!(locale, sign_in.password_length),
        "history_days" => say!(locale, sign_in.history_days),
        "call_bodies" => say!(locale, storage.keep.call_bodies),
        "status_events" => say!(locale, storage.keep.status_events),
        "lookup_finds" => say!(locale, storage.keep.lookup_finds),
        "seen" => say!(locale, storage.keep.seen),
        "admins_need_second_factor" => say!(locale, sign_in.second_factor_text),
        "passwords_off" => say!(locale, sign_in.passwords_text),
        "trash_days" => say!(locale, trash.settings.days),
        "request_days" => say!(locale, trash.settings.request_days),
        "second_for_delete_now" => say!(locale, trash.settings.delete_now_text),
        "second_for_release" => say!(locale, trash.settings.release_text),
        "break_glass" => say!(locale, sign_in.break_glass),
        "name" => say!(locale, common.word.name),
        "app_id" => say!(locale, common.nav.app_id),
        "api_base" => say!(locale, settings.api_base),
        "method" => say!(locale, settings.method),
        "encoding" => say!(locale, settings.encoding),
        "reply_form" => say!(locale, settings.reply_form),
        "zone" => say!(locale, settings.zone),
        "hour" => say!(locale, retention.time.hour),
        "allowed_hosts" => say!(locale, settings.allowed_hosts),
        "public_cloud" => say!(locale, apps.cloud),
        "frames" => say!(locale, common.files.frames),
        "kinds" => say!(locale, apps.kinds),
        "vod_base" => say!(locale, apps.vod_base),
        "vod_token" => say!(locale, apps.token),
        name => return visible_line(name, LONGEST),
    };
    word.to_owned()
}

/// Whether a detail is a setting that is on or off.
fn is_switch(name: &str) -> bool {
    [
        "admins_need_second_factor",
        "passwords_off",
        "second_for_delete_now",
        "second_for_release",
    ]
    .contains(&name)
}

/// A value of the detail `name` in words; an unknown one as it is.
fn value_in(locale: Locale, name: &str, value: &str) -> String {
    let word = match (name, value) {
        (_, "") => Some("–".to_owned()),
        ("role", role_word) => Role::parse(role_word).map(|one| role(locale, one).to_owned()),
        ("rights", names) => names
            .parse::<Rights>()
            .ok()
            .map(|given| rights(locale, &given)),
        (name, "true") if is_switch(name) => Some(say!(locale, history.detail.yes).to_owned()),
        (name, "false") if is_switch(name) => Some(say!(locale, history.detail.no).to_owned()),
        _ => None,
    };
    word.unwrap_or_else(|| visible_line(value, LONGEST))
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{growth::Keeping, keep::KeepSettings, user::SignInRules};
    use serde_json::{Value, to_value};

    use super::*;

    #[test]
    fn each_setting_has_words() {
        for settings in [
            to_value(SignInRules::default()),
            to_value(KeepSettings::default()),
            to_value(Keeping::default()),
        ] {
            let Value::Object(fields) = settings.unwrap() else {
                panic!("no fields")
            };
            for (name, value) in fields {
                for locale in [Locale::en, Locale::zh_CN] {
                    assert_ne!(label(locale, &name), name);
                    let text = value.to_string();
                    let is_translated = value_in(locale, &name, &text) != text;
                    assert_eq!(value.is_boolean(), is_translated, "{name}");
                }
            }
        }
    }
}
