//! Beside the panel: who is in the room, and what is known of it.

use leptos::prelude::*;
use reelroom_domain::{
    time::clock_length,
    view::{ParticipantView, RoomView},
};

use super::lanes::short_of;
use crate::{
    i18n::{t, t_string, use_i18n},
    whole::components::{Glyph, Icon, Time},
    words::TimeStyle,
};

/// The most people that are listed; of more there is the number.
const MOST: usize = 100;

/// Who is in the room, who left included.
#[component]
pub fn People(view: Signal<RoomView>) -> impl IntoView {
    let i18n = use_i18n();
    let people = Memo::new(move |_| view.with(|view| view.participants.clone()));
    let here = move || people.with(|people| people.iter().filter(|p| p.left_at.is_none()).count());
    view! {
        <section>
            <h2>{told!(i18n, rooms.people.title)} <span class="num">{here}</span></h2>
            {move || {
                if people.with(Vec::is_empty) {
                    view! { <p class="hint">{told!(i18n, rooms.people.nobody)}</p> }.into_any()
                } else {
                    let rest = people.with(|people| people.len().saturating_sub(MOST));
                    let people = people
                        .with(|people| people.iter().take(MOST).map(person).collect_view());
                    view! {
                        <ul class="people">{people}</ul>
                        {(rest > 0)
                            .then(|| view! { <p class="hint">{t!(i18n, common.more, n = rest)}</p> })}
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

fn person(person: &ParticipantView) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let class = if person.left_at.is_some() { "gone" } else { "" };
    let shares = person.shares_screen.then(|| {
        view! {
            <span title=told!(i18n, rooms.people.shares)>
                <Icon glyph=Glyph::Screen />
                <span class="sr">{told!(i18n, rooms.people.shares)}</span>
            </span>
        }
    });
    let left = person
        .left_at
        .map(|at| view! { "–" <Time at=at style=TimeStyle::Clock /> });
    view! {
        <li class=class>
            <span class="av" aria-hidden="true">
                {short_of(&person.id)}
            </span>
            <span>
                <span class="trunc" title=person.id.to_string()>
                    {person.id.to_string()}
                </span>
                {shares}
            </span>
            <span class="when num">
                <Time at=person.joined_at style=TimeStyle::Clock />
                {left}
            </span>
        </li>
    }
}

/// What is known of the room.
#[component]
pub fn Facts(view: Signal<RoomView>) -> impl IntoView {
    let i18n = use_i18n();
    let kind = Memo::new(move |_| view.with(|view| view.form.kind.clone()));
    let recorded =
        Memo::new(move |_| view.with(|view| (view.recorded_times, view.recorded_millis)));
    let app = Memo::new(move |_| view.with(|view| (view.app.name.clone(), view.app.zone.clone())));
    view! {
        <section>
            <h2>{told!(i18n, rooms.facts.title)}</h2>
            <dl class="kv facts">
                <dt>{told!(i18n, rooms.facts.kind)}</dt>
                <dd>{kind}</dd>
                <dt>{told!(i18n, rooms.facts.recorded)}</dt>
                <dd>
                    {move || match recorded.get() {
                        (0, _) => t_string!(i18n, rooms.facts.never).to_owned(),
                        (1, millis) => t_string!(i18n, rooms.facts.once, length = length(millis)),
                        (n, millis) => t_string!(i18n, rooms.facts.times, n, length = length(millis)),
                    }}
                </dd>
                <dt>{told!(i18n, rooms.facts.app)}</dt>
                <dd>{move || app.with(|(name, _)| name.clone())}</dd>
                <dt>{told!(i18n, rooms.facts.zone)}</dt>
                <dd>{move || app.with(|(_, zone)| zone.clone())}</dd>
            </dl>
        </section>
    }
}

/// Under an hour as a timer shows it, else in hours.
fn length(millis: i64) -> String {
    let i18n = use_i18n();
    if millis < 3_600_000 {
        clock_length(millis)
    } else {
        t_string!(i18n, rooms.facts.hours, n = hours(millis))
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
