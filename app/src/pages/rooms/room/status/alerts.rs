//! The alerts of the room, each with a button that resolves it.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    time::Timestamp,
    view::RoomView,
    watch::{AlertKind, AlertView, EMPTY_FOR, GRACE, LONG, QUIET_FOR},
};

use crate::{
    components::{Banner, ErrorNote, time_as},
    form::failed,
    i18n::td,
    pages::rooms::{
        alert::{alert_action, tone},
        room::context::room_fields,
    },
    server_fns::{DismissAlert, StartNow},
    this_page::locale,
    words::TimeStyle,
};

/// The alerts, and the error of the last action on one, even if that alert is over. The error of a stop is
/// shown at its own button.
pub fn alerts(view: &RoomView) -> Option<impl IntoView + use<>> {
    let error = failed::<StartNow>().or_else(failed::<DismissAlert>);
    let alerts = &view.watch.alerts;
    (error.is_some() || !alerts.is_empty()).then(|| {
        let error = error.map(|error| view! { <ErrorNote error=error /> });
        let alerts = alerts.iter().map(|alert| banner(view, *alert));
        view! {
            <div class="wide alerts">
                {error}
                {alerts.collect_view()}
            </div>
        }
    })
}

fn banner(view: &RoomView, alert: AlertView) -> impl IntoView + use<> {
    let locale = locale();
    let kind = alert.kind;
    let style = match kind {
        AlertKind::TooLong | AlertKind::FilesGone => TimeStyle::Near,
        _ => TimeStyle::Clock,
    };
    let time = time_as(begun(alert), style);
    macro_rules! of {
        ($title:ident, $text:ident, $fine:ident) => {
            (
                say!(locale, watch.alert.$title),
                td!(locale, watch.alert.$text, time).into_any(),
                say!(locale, watch.alert.$fine),
            )
        };
    }
    let (title, text, dismissal) = match kind {
        AlertKind::NotRecorded => of!(not_recorded_title, not_recorded_text, fine_not_recorded),
        AlertKind::EmptyRoom => of!(empty_room_title, empty_room_text, fine_empty_room),
        AlertKind::NoSign => of!(no_sign_title, no_sign_text, fine_no_sign),
        AlertKind::TooLong => of!(too_long_title, too_long_text, fine_too_long),
        AlertKind::FilesGone => of!(files_gone_title, files_gone_text, fine_files_gone),
    };
    let actions = view.role.may_record().then(|| {
        view! {
            <div class="btns">
                {alert_action(alert, &view.room)}
                <form method="post" action=DismissAlert::url()>
                    {room_fields(view)}
                    <input type="hidden" name="alert" value=kind.as_str() />
                    <button class="btn">{dismissal}</button>
                </form>
            </div>
        }
    });
    view! {
        <Banner tone=tone(kind) title=title>
            <p>{text}</p>
            {actions}
        </Banner>
    }
}

/// The time at which the condition of the alert began, before its grace period.
fn begun(alert: AlertView) -> Timestamp {
    let waited = match alert.kind {
        AlertKind::NotRecorded => GRACE,
        AlertKind::EmptyRoom => EMPTY_FOR,
        AlertKind::NoSign => QUIET_FOR,
        AlertKind::TooLong => LONG,
        AlertKind::FilesGone => 0,
    };
    alert.since.plus_millis(-waited)
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
