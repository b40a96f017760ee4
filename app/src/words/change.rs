use reelroom_domain::{
    about::{AboutChange, RecordingTitle, Tag},
    visible::visible_line,
};

use super::list::{list, phrases};
use crate::i18n::Locale;

/// A change of the title or the tags: `“a” became “b”`. `None` for notes, whose former text is not stored.
pub fn change(locale: Locale, change: &AboutChange) -> Option<String> {
    match change {
        AboutChange::Title { from, to } => {
            let quoted = |title: &RecordingTitle| {
                format!(
                    "“{}”",
                    visible_line(title.as_str(), RecordingTitle::LONGEST)
                )
            };
            let (old, new) = (quoted(from), quoted(to));
            Some(match (from.as_str(), to.as_str()) {
                ("", _) => new,
                (_, "") => say!(locale, recording.about.removed, what = old),
                _ => say!(locale, recording.about.became, old, new),
            })
        }
        AboutChange::Tags { added, removed } => {
            let added = names(locale, added);
            let added = added.map(|what| say!(locale, recording.about.added, what));
            let removed = names(locale, removed);
            let removed = removed.map(|what| say!(locale, recording.about.removed, what));
            let parts: Vec<String> = [added, removed].into_iter().flatten().collect();
            Some(phrases(locale, &parts))
        }
        AboutChange::Notes => None,
    }
}

fn names(locale: Locale, tags: &[Tag]) -> Option<String> {
    let names = tags
        .iter()
        .map(|tag| visible_line(tag.as_str(), Tag::LONGEST));
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| list(locale, &names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_what_was_before() {
        let title = |from: &str, to: &str| AboutChange::Title {
            from: RecordingTitle::parse(from).unwrap(),
            to: RecordingTitle::parse(to).unwrap(),
        };
        let tags = |added: &[&str], removed: &[&str]| {
            let tags = |names: &[&str]| names.iter().filter_map(|name| Tag::parse(name)).collect();
            AboutChange::Tags {
                added: tags(added),
                removed: tags(removed),
            }
        };
        for (changed, english, chinese) in [
            (title("", "a"), "“a”", "“a”"),
            (title("a", "b"), "“a” became “b”", "“a”改为“b”"),
            (title("a", ""), "removed: “a”", "移除：“a”"),
            (tags(&["b", "c"], &[]), "added: b, c", "添加：b、c"),
            (
                tags(&["b"], &["a"]),
                "added: b; removed: a",
                "添加：b；移除：a",
            ),
        ] {
            assert_eq!(change(Locale::en, &changed).unwrap(), english);
            assert_eq!(change(Locale::zh_CN, &changed).unwrap(), chinese);
        }
        assert_eq!(change(Locale::en, &AboutChange::Notes), None);
    }
}
