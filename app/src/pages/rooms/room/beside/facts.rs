use leptos::prelude::*;
use reelroom_domain::{time::clock_length, view::RoomView};

use crate::{i18n::Locale, this_page::locale};

/// Facts about the room.
pub fn facts(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let length = length(locale, view.recorded_millis);
    let recorded = match view.recorded_times {
        0 => say!(locale, rooms.facts.never).to_owned(),
        1 => say!(locale, rooms.facts.once, length = length),
        n => say!(locale, rooms.facts.times, n = n, length = length),
    };
    view! {
        <section>
            <h2>{say!(locale, rooms.facts.title)}</h2>
            <dl class="kv facts">
                <dt>{say!(locale, rooms.facts.kind)}</dt>
                <dd>{view.form.kind.clone()}</dd>
                <dt>{say!(locale, rooms.facts.recorded)}</dt>
                <dd>{recorded}</dd>
                <dt>{say!(locale, rooms.facts.app)}</dt>
                <dd>{view.app.name.clone()}</dd>
                <dt>{say!(locale, rooms.facts.zone)}</dt>
                <dd>{view.app.zone.clone()}</dd>
            </dl>
        </section>
    }
}

/// A duration: under an hour like a timer, else in hours.
fn length(locale: Locale, millis: i64) -> String {
    if millis < 3_600_000 {
        clock_length(millis)
    } else {
        say!(locale, rooms.facts.hours, n = hours(millis))
    }
}

/// Hours with one decimal: `22.4`.
fn hours(millis: i64) -> String {
    let tenths = (millis.max(0) + 180_000) / 360_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_have_one_decimal() {
        assert_eq!(hours(0), "0.0");
        assert_eq!(hours(80_640_000), "22.4");
        assert_eq!(hours(3_590_000), "1.0");
    }
}
