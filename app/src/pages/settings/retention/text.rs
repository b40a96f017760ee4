//! Rules in words.

use reelroom_domain::{
    access::Grant,
    file::FileKind,
    ids::AppId,
    retention::{Kinds, RuleText, Tally, When},
};

use crate::{i18n::Locale, words};

/// A kind of file within a sentence.
pub fn kind(locale: Locale, kind: FileKind) -> &'static str {
    match kind {
        FileKind::Composite => say!(locale, retention.kind.composite),
        FileKind::Track => say!(locale, retention.kind.track),
        FileKind::Frame => say!(locale, retention.kind.frame),
    }
}

/// Kinds of files: `composite, tracks`.
pub fn kinds(locale: Locale, of: &Kinds) -> String {
    let names: Vec<&str> = of.iter().map(|one| kind(locale, one)).collect();
    words::list(locale, &names)
}

/// The states of the recordings of a rule.
pub fn states(locale: Locale, rule: &RuleText) -> String {
    let names = rule.states.iter();
    let names: Vec<&str> = names
        .map(|state| words::recording_state(locale, *state))
        .collect();
    words::list(locale, &names)
}

/// Its rooms: the name of the app, and the room or prefix.
pub fn rooms(locale: Locale, rooms: &Grant, apps: &[(AppId, String)]) -> String {
    let app = apps.iter().find(|(id, _)| rooms.app() == Some(*id));
    let app = app.map(|(_, name)| name.clone()).unwrap_or_default();
    let room = match rooms {
        Grant::Everything => return say!(locale, retention.rules.everything).to_owned(),
        Grant::App { .. } => say!(locale, common.word.all_rooms).to_owned(),
        Grant::Room { room, .. } => room.to_string(),
        Grant::Prefix { prefix, .. } => format!("{prefix}*"),
    };
    words::list(locale, &[app, room])
}

/// The age or the total size that a rule keeps.
pub fn keep(locale: Locale, when: When) -> String {
    match when {
        When::OlderThan { days } => words::day_count(locale, days),
        When::Above { bytes } => {
            let size = words::bytes(locale, bytes);
            say!(locale, retention.rules.size, size)
        }
    }
}

/// The files that a rule deletes.
pub fn then(locale: Locale, of: &Kinds) -> String {
    if of.is_all() {
        say!(locale, retention.rules.delete_all).to_owned()
    } else {
        say!(locale, retention.rules.delete, kinds = kinds(locale, of))
    }
}

/// A rule as a sentence.
pub fn sentence(locale: Locale, rule: &RuleText, apps: &[(AppId, String)], trash: u32) -> String {
    let where_ = rooms(locale, &rule.rooms, apps);
    let states = states(locale, rule);
    let kinds = kinds(locale, &rule.kinds);
    match rule.when {
        When::OlderThan { days } if rule.kinds.is_all() => {
            let days = words::day_count(locale, days);
            say!(locale, retention.say.whole, states, where_, days)
        }
        When::OlderThan { days } => {
            let [days, trash] = [days, trash].map(|n| words::day_count(locale, n));
            say!(
                locale,
                retention.say.files,
                kinds,
                states,
                where_,
                days,
                trash
            )
        }
        When::Above { bytes } => {
            let size = words::bytes(locale, bytes);
            say!(locale, retention.say.size, kinds, states, where_, size)
        }
    }
}

/// Recordings and bytes: `3 recordings, 1.2 GB`.
pub fn tally(locale: Locale, of: Tally) -> String {
    if of.recordings == 0 {
        return say!(locale, retention.rules.nothing).to_owned();
    }
    let size = words::bytes(locale, of.bytes);
    match of.recordings {
        1 => say!(locale, retention.rules.tonight_single, size),
        n => say!(
            locale,
            retention.rules.tonight_goes,
            n = words::number(n),
            size
        ),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::retention::RuleForm;

    use super::*;

    #[test]
    fn a_rule_is_a_sentence() {
        let form = RuleForm {
            name: "Tracks".to_owned(),
            composite: String::new(),
            frame: String::new(),
            days: "180".to_owned(),
            ..RuleForm::fresh()
        };
        let said = |form: &RuleForm, locale| sentence(locale, &form.parse().unwrap(), &[], 30);
        assert_eq!(
            said(&form, Locale::en),
            "Deletes tracks of recordings (Ready) in all apps, 180 days after they ended. They stay 30 days more, and are then deleted for good."
        );
        let whole = RuleForm {
            composite: "yes".to_owned(),
            frame: "yes".to_owned(),
            ..form
        };
        assert_eq!(
            said(&whole, Locale::en),
            "Moves recordings (Ready) in all apps to the trash, 180 days after they ended."
        );
        assert!(said(&whole, Locale::zh_CN).contains("180 天"));
    }

    #[test]
    fn one_day_is_not_many() {
        let form = RuleForm {
            name: "Short".to_owned(),
            days: "1".to_owned(),
            ..RuleForm::fresh()
        };
        let rule = form.parse().unwrap();
        assert_eq!(keep(Locale::en, rule.when), "1 day");
        let said = sentence(Locale::en, &rule, &[], 30);
        assert!(said.ends_with(", 1 day after they ended."), "{said}");
    }

    #[test]
    fn a_sum_says_what_is_counted() {
        let said = |recordings| {
            let bytes = 1_200_000_000;
            tally(Locale::en, Tally { recordings, bytes })
        };
        assert_eq!(said(0), "nothing");
        assert_eq!(said(1), "1 recording, 1.2 GB");
        assert_eq!(said(1_490), "1,490 recordings, 1.2 GB");
    }
}
