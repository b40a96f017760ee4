//! What the watchdog found: a banner in the room, a line below its row, each with the one click that
//! mends it.

use leptos::{form::ActionForm, prelude::*};
use reelroom_domain::{
    time::Timestamp,
    view::RoomRow,
    watch::{AlertKind, AlertView, EMPTY_FOR, GRACE, LONG, QUIET_FOR},
};

use super::panel::Room;
use crate::{
    error::ApiError,
    i18n::{Locale, t, td_string, use_i18n},
    server_fns::{DismissAlert, StartNow, StopRecording},
    whole::action::action,
    whole::components::{Banner, ErrorNote, Glyph, Icon, Time, Tone},
    whole::in_app::InApp,
    words::TimeStyle,
};

/// What can be done about an alert.
#[derive(Clone, Copy)]
pub struct Mends {
    /// Starts what should run.
    pub start: ServerAction<StartNow>,
    /// Stops what should not.
    pub stop: ServerAction<StopRecording>,
    /// Says that it is fine.
    pub dismiss: ServerAction<DismissAlert>,
}

impl Mends {
    /// With a stop that others may share.
    pub fn new(stop: ServerAction<StopRecording>) -> Self {
        Self {
            start: action(),
            stop,
            dismiss: action(),
        }
    }

    /// What went wrong with what was pressed on this page. What a plain form was sent back with is in
    /// the actions of every row; it stands in the room's panel.
    fn failed_here(self) -> Option<ApiError> {
        let Self { start, stop, .. } = self;
        let started = (start.version().get() > 0).then(|| start.value().get()?.err());
        let stopped = (stop.version().get() > 0).then(|| stop.value().get()?.err());
        started.flatten().or(stopped.flatten())
    }
}

/// The banners of the room.
#[component]
pub fn AlertBanners() -> impl IntoView {
    let room: Room = expect_context();
    let alerts = Memo::new(move |_| room.view.with(|view| view.watch.alerts.clone()));
    let (id, app) = room
        .view
        .with_untracked(|view| (view.room.to_string(), view.app.id.to_string()));
    let Mends { start, dismiss, .. } = room.deeds.mends;
    // What went wrong with a stop stands at its own button.
    let failed = Memo::new(move |_| {
        let start = start.value().get().and_then(Result::err);
        start.or_else(|| dismiss.value().get().and_then(Result::err))
    });
    let trouble = move || {
        failed
            .get()
            .map(|error| view! { <ErrorNote error=error /> })
    };
    let banner = move |alert: AlertView| {
        let (id, app) = (id.clone(), app.clone());
        view! { <AlertBanner alert=alert room=id app=app /> }
    };
    move || {
        let alerts = alerts.get();
        // What it was about may be over by now.
        (failed.with(Option::is_some) || !alerts.is_empty()).then(|| {
            view! {
                <div class="wide alerts">
                    {trouble}
                    {alerts.into_iter().map(banner.clone()).collect_view()}
                </div>
            }
        })
    }
}

#[component]
fn AlertBanner(alert: AlertView, room: String, app: String) -> impl IntoView {
    let i18n = use_i18n();
    let here: Room = expect_context();
    let kind = alert.kind;
    let style = match kind {
        AlertKind::TooLong => TimeStyle::Near,
        _ => TimeStyle::Clock,
    };
    let time = move || view! { <Time at=begun(alert) style=style /> };
    let text = match kind {
        AlertKind::NotRecorded => t!(i18n, watch.alert.not_recorded_text, time).into_any(),
        AlertKind::EmptyRoom => t!(i18n, watch.alert.empty_room_text, time).into_any(),
        AlertKind::NoSign => t!(i18n, watch.alert.no_sign_text, time).into_any(),
        AlertKind::TooLong => t!(i18n, watch.alert.too_long_text, time).into_any(),
    };
    let title = Signal::derive(move || title(i18n.get_locale(), kind).to_owned());
    let deeds = here.may_record.then(|| {
        view! {
            <div class="btns">
                <Mend alert=alert room=room.clone() app=app.clone() mends=here.deeds.mends />
                <ActionForm action=here.deeds.mends.dismiss>
                    <input type="hidden" name="app" value=app />
                    <input type="hidden" name="room" value=room />
                    <input type="hidden" name="alert" value=kind.as_str() />
                    <button class="btn">{move || fine(i18n.get_locale(), kind)}</button>
                </ActionForm>
            </div>
        }
    });
    view! {
        <Banner tone=tone(kind) title=title>
            <p>{text}</p>
            {deeds}
        </Banner>
    }
}

/// What the watchdog found in the room of a row, below it.
#[component]
pub fn RowAlert(
    /// The row.
    row: Memo<RoomRow>,
    /// Its app.
    app: InApp,
    /// Whether the reader may do something about it.
    #[prop(into)]
    may_record: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let alert = Memo::new(move |_| row.with(|row| row.alert));
    let room = row.with_untracked(|row| row.room.to_string());
    // An alert goes while a start is under way, and comes back when it is refused: what was pressed
    // outlives it.
    let once =
        Memo::new(move |was: Option<&bool>| was == Some(&true) || alert.with(Option::is_some));
    let shown = move |mends: Mends, alert: AlertView| {
        let (room, app) = (room.clone(), app.get());
        view! {
            <div class="row-alert" data-tone=tone(alert.kind).as_str()>
                <Icon glyph=Glyph::Alert />
                <span class="trunc">{move || word(i18n.get_locale(), alert.kind)}</span>
                {move || {
                    let (room, app) = (room.clone(), app.clone());
                    may_record
                        .get()
                        .then(|| view! { <Mend alert=alert room=room app=app mends=mends /> })
                }}
            </div>
            {move || mends.failed_here().map(|error| view! { <ErrorNote error=error /> })}
        }
    };
    move || {
        let shown = shown.clone();
        once.get().then(|| {
            let mends = Mends::new(action());
            move || alert.get().map(|alert| shown(mends, alert))
        })
    }
}

/// The one click that mends it.
#[component]
fn Mend(alert: AlertView, room: String, app: String, mends: Mends) -> impl IntoView {
    let i18n = use_i18n();
    let word = move || mend(i18n.get_locale(), alert.kind);
    if let Some(id) = alert.recording {
        let pending = mends.stop.pending();
        return view! {
            <ActionForm action=mends.stop>
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="app" value=app />
                <input type="hidden" name="room" value=room />
                <button class="btn solid" aria-disabled=move || pending.get().then_some("true")>
                    <Icon glyph=Glyph::Stop />
                    {word}
                </button>
            </ActionForm>
        }
        .into_any();
    }
    let pending = mends.start.pending();
    view! {
        <ActionForm action=mends.start>
            <input type="hidden" name="app" value=app />
            <input type="hidden" name="room" value=room />
            <button class="btn primary" aria-disabled=move || pending.get().then_some("true")>
                <Icon glyph=Glyph::Recdot />
                {word}
            </button>
        </ActionForm>
    }
    .into_any()
}

/// When began what had lasted too long by then.
fn begun(alert: AlertView) -> Timestamp {
    let waited = match alert.kind {
        AlertKind::NotRecorded => GRACE,
        AlertKind::EmptyRoom => EMPTY_FOR,
        AlertKind::NoSign => QUIET_FOR,
        AlertKind::TooLong => LONG,
    };
    alert.since.plus_millis(-waited)
}

const fn tone(kind: AlertKind) -> Tone {
    match kind {
        AlertKind::NotRecorded | AlertKind::NoSign => Tone::Fault,
        AlertKind::EmptyRoom | AlertKind::TooLong => Tone::Wait,
    }
}

fn word(locale: Locale, kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::NotRecorded => td_string!(locale, watch.alert.not_recorded),
        AlertKind::EmptyRoom => td_string!(locale, watch.alert.empty_room),
        AlertKind::NoSign => td_string!(locale, watch.alert.no_sign),
        AlertKind::TooLong => td_string!(locale, watch.alert.too_long),
    }
}

fn title(locale: Locale, kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::NotRecorded => td_string!(locale, watch.alert.not_recorded_title),
        AlertKind::EmptyRoom => td_string!(locale, watch.alert.empty_room_title),
        AlertKind::NoSign => td_string!(locale, watch.alert.no_sign_title),
        AlertKind::TooLong => td_string!(locale, watch.alert.too_long_title),
    }
}

fn mend(locale: Locale, kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::NotRecorded => td_string!(locale, watch.alert.start),
        AlertKind::EmptyRoom | AlertKind::TooLong => td_string!(locale, watch.alert.stop),
        AlertKind::NoSign => td_string!(locale, watch.alert.stop_safe),
    }
}

fn fine(locale: Locale, kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::NotRecorded => td_string!(locale, watch.alert.fine_not_recorded),
        AlertKind::EmptyRoom => td_string!(locale, watch.alert.fine_empty_room),
        AlertKind::NoSign => td_string!(locale, watch.alert.fine_no_sign),
        AlertKind::TooLong => td_string!(locale, watch.alert.fine_too_long),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_recording_says_when_it_started() {
        let alert = AlertView {
            kind: AlertKind::TooLong,
            since: Timestamp::from_millis(LONG + 5),
            recording: None,
        };
        assert_eq!(begun(alert), Timestamp::from_millis(5));
    }
}
