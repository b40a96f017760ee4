use leptos::{either::Either, prelude::*};
use reelroom_domain::{file::FileKind, recording::RecordingState, view::RecordingView};

use crate::{
    i18n::{Locale, td_string, use_i18n},
    paths,
    whole::components::{Archive, ArchiveTag, Glyph, Icon, PageTitle, StateTag},
    whole::in_app::InApp,
    whole::zone::Zone,
    words,
};

/// The way back, the room, the state, when it was, and the download.
#[component]
pub fn Head(
    /// The recording.
    recording: Signal<RecordingView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let zone = Zone::expect();
    let in_app = InApp::expect();
    let room = Memo::new(move |_| recording.with(|recording| recording.row.room.to_string()));
    let state = Memo::new(move |_| recording.with(|recording| recording.row.state));
    let given_up = Memo::new(move |_| recording.with(|recording| recording.row.given_up));
    let copies = Memo::new(move |_| {
        recording.with(|recording| (recording.row.archived, recording.row.ledger.arrived()))
    });
    let when = move || {
        recording.with(|recording| {
            let row = &recording.row;
            let start = row.started_at.unwrap_or(row.requested_at);
            let end = row.stopped_at.map(|end| words::clock(zone.civil(end)));
            let start = zone.civil(start);
            when(i18n.get_locale(), start, end)
        })
    };
    let composite = Memo::new(move |_| {
        recording.with(|recording| {
            let mut files = recording.files.iter();
            files
                .find(|file| file.kind == FileKind::Composite)
                .map(|file| file.id)
        })
    });
    view! {
        <PageTitle text=room />
        <header class="rec-h">
            <a class="crumb" href=move || in_app.to("/recordings") aria-label=told!(i18n, recording.back)>
                <Icon glyph=Glyph::Left />
                <span>{told!(i18n, recording.library)}</span>
            </a>
            <span class="sep" aria-hidden="true">
                <Icon glyph=Glyph::Right class="i-s" />
            </span>
            <h1 class="trunc">{room}</h1>
            {move || {
                if state.get() == RecordingState::Ready {
                    let (archived, arrived) = copies.get();
                    Either::Left(view! { <ArchiveTag of=Archive::Several { archived, arrived } /> })
                } else {
                    Either::Right(view! { <StateTag state=state.get() given_up=given_up.get() /> })
                }
            }}
            <span class="sub">{when}</span>
            {move || {
                composite
                    .get()
                    .map(|id| {
                        view! {
                            <a class="btn primary" href=paths::download(id) rel="external">
                                <Icon glyph=Glyph::Download />
                                {told!(i18n, common.action.download)}
                            </a>
                        }
                    })
            }}
        </header>
    }
}

/// `Sunday 22 November 2026, 09:00 to 09:48`.
fn when(locale: Locale, start: reelroom_domain::time::Civil, end: Option<String>) -> String {
    let date = words::date_long(locale, start);
    let from = words::clock(start);
    if let Some(to) = end {
        td_string!(locale, recording.from_to, date = date, from = from, to = to)
    } else {
        td_string!(locale, recording.since, date = date, from = from)
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::{Civil, Timestamp};

    use super::*;

    #[test]
    fn the_span_is_said_once() {
        let start = Civil::at(Timestamp::from_millis(1_795_328_825_000), 0);
        assert_eq!(
            when(Locale::en, start, Some("07:00".to_owned())),
            "Sunday 22 November 2026, 06:27 to 07:00"
        );
        assert_eq!(
            when(Locale::zh_CN, start, None),
            "2026年11月22日 星期日 06:27 起"
        );
    }
}
