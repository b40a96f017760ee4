use leptos::prelude::*;
use reelroom_domain::{
    file::{FileKind, FileState, content_end},
    find::Archive,
    time::{Civil, Timestamp},
    view::RecordingView,
};

use super::{
    about::{About, title_field},
    beside::{Beside, arrows, list},
};
use crate::{
    components::{FileTag, Glyph, Icon, row_tag},
    i18n::Locale,
    paths,
    reader::Reader,
    words::{self, TimeStyle},
};

/// The head of the page; `held` is the mark of a recording on hold.
pub fn head(
    recording: &RecordingView,
    about: &About,
    beside: &Beside,
    held: Option<AnyView>,
) -> impl IntoView + use<> {
    let Reader { locale, zone, .. } = Reader::expect();
    let row = &recording.row;
    let start = zone.civil(row.started_at.unwrap_or(row.requested_at));
    let end = end(recording).map(|end| zone.civil(end));
    let time = if row.nothing_recorded().is_some() {
        words::style(locale, TimeStyle::Full, start, start)
    } else {
        when(locale, start, end)
    };
    let mut files = recording.files.iter();
    let composite = files.find(|file| file.kind == FileKind::Composite);
    let composite = composite.filter(|file| row.may_download && file.state.is_readable());
    let download = composite.map(|file| {
        view! {
            <a class="btn primary" href=paths::download(file.id) download>
                <Icon glyph=Glyph::Download />
                {say!(locale, common.action.download)}
            </a>
        }
    });
    let states = recording.files.iter().map(|file| file.state);
    let is_remote = Archive::of(states) == Some(Archive::Remote);
    let remote = is_remote.then(|| view! { <FileTag state=FileState::Remote /> });
    let title = about.heading();
    let sub = if title.is_some() {
        let room = row.room_name().to_owned();
        say!(locale, recording.in_room, room = room, when = time)
    } else {
        time
    };
    let heading = if about.is_open() {
        title_field(about, recording).into_any()
    } else {
        let hint = title.unwrap_or_else(|| row.room.to_string());
        // Receives the focus when the focused element is removed (see `morph.js`).
        view! {
            <h1 class="trunc" tabindex="-1" data-focus="" title=hint>{about.name(recording)}</h1>
        }
        .into_any()
    };
    view! {
        <header class="rec-h">
            <a
                class="crumb"
                href=list(beside)
                aria-label=say!(locale, recording.back)
            >
                <Icon glyph=Glyph::Left />
                <span>{say!(locale, common.nav.library)}</span>
            </a>
            <span class="sep" aria-hidden="true"><Icon glyph=Glyph::Right class="i-s" /></span>
            {heading}
            {row_tag(row)}
            {remote}
            {held}
            <span class="sub">{sub}</span>
            {arrows(beside)}
            {download}
        </header>
    }
}

/// When it was stopped, or else its content ends, as far as the lengths of its files are known.
fn end(recording: &RecordingView) -> Option<Timestamp> {
    let row = &recording.row;
    if row.stopped_at.is_some() || row.state.is_active() {
        return row.stopped_at;
    }
    let files = recording.files.iter();
    let ends = files.filter_map(|file| content_end(file.started_at, file.ended_at, file.length));
    ends.max()
}

/// `Sunday 22 November 2026, 09:00 to 09:48`; the end includes its date if it is another day.
fn when(locale: Locale, start: Civil, end: Option<Civil>) -> String {
    let date = words::date_long(locale, start);
    let from = words::clock(start);
    let Some(end) = end else {
        return say!(locale, recording.since, date = date, from = from);
    };
    let style = if words::is_same_day(start, end) {
        TimeStyle::Clock
    } else {
        TimeStyle::Full
    };
    let to = words::style(locale, style, end, end);
    say!(locale, recording.from_to, date = date, from = from, to = to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_said_once_unless_it_changes() {
        const HOUR: i64 = 3_600_000;
        let at = |hours| Civil::at(Timestamp::from_millis(1_795_328_825_000 + hours * HOUR), 0);
        let when = |locale, end: Option<i64>| when(locale, at(0), end.map(at));
        assert_eq!(
            when(Locale::en, Some(1)),
            "Sunday 22 November 2026, 06:27 to 07:27"
        );
        assert_eq!(
            when(Locale::en, Some(25)),
            "Sunday 22 November 2026, 06:27 to Monday 23 November 2026, 07:27"
        );
        assert_eq!(when(Locale::zh_CN, None), "2026年11月22日 星期日 06:27 起");
    }
}
