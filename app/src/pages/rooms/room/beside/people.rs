use leptos::prelude::*;
use reelroom_domain::{
    room::ParticipantId,
    view::{ParticipantView, RoomView},
};

use super::super::context::time;
use crate::{
    components::{Glyph, Icon},
    i18n::td,
    this_page::locale,
    words::TimeStyle,
};

/// The maximum number of people listed; the rest is counted.
const MOST: usize = 100;

/// The people in the room, including those who have left.
pub fn people(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let people = &view.participants;
    let here = people.iter().filter(|one| one.left_at.is_none()).count();
    let rest = people.len().saturating_sub(MOST);
    let list = if people.is_empty() {
        view! { <p class="hint">{say!(locale, rooms.people.nobody)}</p> }.into_any()
    } else {
        let items = people.iter().take(MOST).map(person).collect_view();
        view! { <ul class="people">{items}</ul> }.into_any()
    };
    view! {
        <section>
            <h2>{say!(locale, rooms.people.title)} <span class="num">{here}</span></h2>
            {list}
            {(rest > 0)
                .then(|| view! { <p class="hint">{td!(locale, common.more, n = rest)}</p> })}
        </section>
    }
}

fn person(person: &ParticipantView) -> impl IntoView + use<> {
    let id = person.id.to_string();
    let shares = person.shares_screen.then(|| {
        let word = say!(locale(), rooms.people.shares);
        view! {
            <span title=word>
                <Icon glyph=Glyph::Screen />
                <span class="sr">{word}</span>
            </span>
        }
    });
    let left = person.left_at.map(|at| ("–", time(at, TimeStyle::Clock)()));
    view! {
        <li class=if person.left_at.is_some() { "gone" } else { "" }>
            <span class="av" aria-hidden="true">
                {short_of(&person.id)}
            </span>
            <span>
                <span class="trunc" title=id>
                    {id.clone()}
                </span>
                {shares}
            </span>
            <span class="when num">{time(person.joined_at, TimeStyle::Clock)()} {left}</span>
        </li>
    }
}

/// The text of a participant's avatar: the last two letters or digits of the id, where ids of one system
/// differ; a single one if it is as wide as a Chinese character.
fn short_of(id: &ParticipantId) -> String {
    let kept: Vec<char> = id
        .as_str()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let fitting = if kept.last().is_some_and(char::is_ascii) {
        2
    } else {
        1
    };
    kept[kept.len().saturating_sub(fitting)..].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_circle_shows_what_tells_ids_apart() {
        let short = |id: &str| short_of(&ParticipantId::new(id).unwrap());
        assert_eq!(short("u1001"), "01");
        assert_eq!(short("王芳"), "芳");
        assert_eq!(short("x"), "x");
        assert_eq!(short("--"), "");
    }
}
