use reelroom_domain::{
    file::{FileKind, Media},
    find::{Archive, Date, Days, Facet, FacetKey, Length, Size},
    recording::RecordingState,
    time::Civil,
    visible::visible_line,
};

use super::time::day_short;
use crate::i18n::Locale;

/// The maximum length of a text from outside, in characters.
const LONGEST: usize = 80;

/// The subject of the facets of a key: `Archive`.
pub fn facet_key(locale: Locale, key: FacetKey) -> &'static str {
    match key {
        FacetKey::Room | FacetKey::Prefix => say!(locale, common.word.room),
        FacetKey::Tag => say!(locale, library.facet.tag),
        FacetKey::Archive => say!(locale, common.word.archive),
        FacetKey::Length => say!(locale, common.word.length),
        FacetKey::Kind => say!(locale, common.word.files),
        FacetKey::Media => say!(locale, library.facet.media),
        FacetKey::State => say!(locale, common.word.state),
        FacetKey::Size => say!(locale, common.word.size),
        FacetKey::By => say!(locale, library.facet.by),
        FacetKey::Gaps => say!(locale, library.facet.gaps),
        FacetKey::Held => say!(locale, keep.hold.title),
        FacetKey::Unseen => say!(locale, library.facet.unseen),
    }
}

/// A facet, beside its subject: `Archived`.
pub fn facet(locale: Locale, facet: &Facet) -> String {
    let word = match facet {
        Facet::Room(room) => return visible_line(room.as_str(), LONGEST),
        Facet::Prefix(prefix) => return format!("{}*", visible_line(prefix.as_str(), LONGEST)),
        Facet::Tag(tag) => return visible_line(tag.as_str(), LONGEST),
        Facet::By(name) => return visible_line(name, LONGEST),
        Facet::Archive(Archive::Archived) => say!(locale, common.archive.archived),
        Facet::Archive(Archive::Fetching) => say!(locale, common.archive.verifying),
        Facet::Archive(Archive::Remote) => say!(locale, common.archive.vendor_only),
        Facet::Archive(Archive::Trouble) => say!(locale, library.facet.trouble),
        Facet::Length(Length::UnderTenMinutes) => say!(locale, library.facet.under_ten_minutes),
        Facet::Length(Length::UnderHour) => say!(locale, library.facet.under_hour),
        Facet::Length(Length::OverHour) => say!(locale, library.facet.over_hour),
        Facet::Kind(FileKind::Composite) => say!(locale, common.files.composite),
        Facet::Kind(FileKind::Track) => say!(locale, common.files.tracks),
        Facet::Kind(FileKind::Frame) => say!(locale, common.files.frames),
        Facet::Media(Media::Video) => say!(locale, library.facet.video),
        Facet::Media(Media::Audio) => say!(locale, library.facet.audio),
        Facet::Media(Media::Image) => say!(locale, library.facet.image),
        Facet::Media(Media::Unknown) => say!(locale, library.facet.other),
        Facet::State(state) => recording_state(locale, *state),
        Facet::Size(Size::Small) => say!(locale, library.facet.small),
        Facet::Size(Size::Medium) => say!(locale, library.facet.medium),
        Facet::Size(Size::Large) => say!(locale, library.facet.large),
        Facet::Gaps => say!(locale, library.facet.has_gaps),
        Facet::Held => say!(locale, keep.hold.on),
        Facet::Unseen => say!(locale, library.facet.not_seen),
    };
    word.to_owned()
}

/// The word for a state. Each has its own, because a filter or a rule tells apart the three that need attention.
pub fn recording_state(locale: Locale, state: RecordingState) -> &'static str {
    match state {
        RecordingState::Requested => say!(locale, common.state.requested),
        RecordingState::Recording => say!(locale, common.state.recording),
        RecordingState::Stopping => say!(locale, common.state.stopping),
        RecordingState::AwaitingFiles => say!(locale, common.state.awaiting_files),
        RecordingState::Ready => say!(locale, common.state.ready),
        RecordingState::Failed => say!(locale, library.facet.failed),
        RecordingState::Unknown => say!(locale, library.facet.unknown),
        RecordingState::Overdue => say!(locale, library.facet.overdue),
    }
}

/// The kind of a file.
pub fn file_kind(locale: Locale, kind: FileKind) -> &'static str {
    match kind {
        FileKind::Composite => say!(locale, common.files.composite),
        FileKind::Track => say!(locale, common.files.track),
        FileKind::Frame => say!(locale, common.files.frame),
    }
}

/// Days of a list: `9 Nov – 22 Nov`, `Last 7 days`.
pub fn days(locale: Locale, days: Days, today: Civil) -> String {
    let day = |date: Date| {
        let at = Civil {
            year: date.year.into(),
            month: date.month.unsigned_abs(),
            day: date.day.unsigned_abs(),
            ..today
        };
        day_short(locale, at, today)
    };
    match days {
        Days::Last(1) => say!(locale, common.time.today).to_owned(),
        Days::Last(n) => say!(locale, library.facet.last_days, n = n),
        Days::Between(Some(from), Some(to)) if from == to => day(from),
        Days::Between(Some(from), Some(to)) => format!("{} – {}", day(from), day(to)),
        Days::Between(Some(from), None) => say!(locale, library.facet.since, day = day(from)),
        Days::Between(None, Some(to)) => say!(locale, library.facet.until, day = day(to)),
        Days::Between(None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{find::Find, time::Timestamp};
    use strum::VariantArray;

    use super::*;

    #[test]
    fn each_fixed_facet_has_a_word_of_its_own() {
        for locale in [Locale::en, Locale::zh_CN] {
            for key in FacetKey::VARIANTS {
                let fixed = Facet::fixed(*key);
                let mut words: Vec<String> = fixed.iter().map(|one| facet(locale, one)).collect();
                words.sort_unstable();
                words.dedup();
                assert_eq!(words.len(), fixed.len(), "{words:?}");
                assert!(!facet_key(locale, *key).is_empty());
            }
        }
    }

    #[test]
    fn days_are_short() {
        // A Sunday in November.
        let today = Civil::at(Timestamp::from_millis(1_795_328_825_000), 0);
        for (query, english, chinese) in [
            (vec![("last", "1")], "Today", "今天"),
            (vec![("last", "7")], "Last 7 days", "最近 7 天"),
            (
                vec![("from", "2026-11-09"), ("to", "2026-11-22")],
                "9 Nov – 22 Nov",
                "11月9日 – 11月22日",
            ),
            (
                vec![("from", "2026-11-09"), ("to", "2026-11-09")],
                "9 Nov",
                "11月9日",
            ),
            (
                vec![("from", "2025-11-09")],
                "From 9 Nov 2025",
                "2025年11月9日起",
            ),
            (vec![("to", "2026-11-09")], "Until 9 Nov", "11月9日止"),
        ] {
            let asked = Find::of(query).days.unwrap();
            assert_eq!(days(Locale::en, asked, today), english);
            assert_eq!(days(Locale::zh_CN, asked, today), chinese);
        }
    }
}
