//! The search field, and the popovers that narrow the list.

use leptos::prelude::*;
use reelroom_domain::{
    find::{Date, Days, Find},
    search::SearchText,
};

use super::{
    filter::{address, fields},
    narrow::{PATH, Panel},
};
use crate::{
    components::{Glyph, Icon, Menu, SearchForm},
    current_app::CurrentApp,
    reader::Reader,
};

/// The search field and the popovers.
pub fn filters(find: &Find) -> impl IntoView + use<> {
    let reader = Reader::expect();
    let locale = reader.locale;
    let search = find.text.as_ref().map_or("", SearchText::as_str).to_owned();
    let hidden = fields(find, &["q"]);
    let rest = [
        (Panel::Tag, "by-tag"),
        (Panel::Archive, "by-archive"),
        (Panel::Length, "by-length"),
        (Panel::More, "by-more"),
    ];
    let rest = rest.map(|(panel, id)| popover(&reader, find, panel, id));
    view! {
        <div class="filter-bar">
            <SearchForm action="/recordings" label=say!(locale, library.find) search=search>
                {hidden}
            </SearchForm>
            {popover(&reader, find, Panel::Room, "by-room")}
            {day(&reader, find)}
            {rest.into_iter().collect_view()}
        </div>
    }
}

/// A popover whose form is loaded when it opens. Without scripts it has a link to the page of the form.
fn popover(reader: &Reader, find: &Find, panel: Panel, id: &'static str) -> AnyView {
    let locale = reader.locale;
    let word = panel.word(locale);
    let button = if panel == Panel::More {
        view! { <Icon glyph=Glyph::Plus /> {word} }.into_any()
    } else {
        view! { {word} <Icon glyph=Glyph::Down /> }.into_any()
    };
    let class = if panel == Panel::More {
        "btn quiet"
    } else {
        "btn"
    };
    let address = panel.address(find);
    let (src, of) = (address.clone(), address.clone());
    view! {
        <Menu id=id class="drop" button_class=class button=button>
            <turbo-frame
                id=panel.frame()
                src=src
                loading="lazy"
                data-of=of
            >
                <a href=address data-turbo-frame="_top">
                    {say!(locale, library.narrow.choose)}
                </a>
            </turbo-frame>
        </Menu>
    }
    .into_any()
}

/// The popover of days: links for the usual ones, and a form.
fn day(reader: &Reader, find: &Find) -> AnyView {
    let locale = reader.locale;
    let last = |days| say!(locale, library.facet.last_days, n = days);
    let usual = [
        (
            say!(locale, common.time.today).to_owned(),
            Some(Days::Last(1)),
        ),
        (
            say!(locale, common.time.yesterday).to_owned(),
            yesterday(reader),
        ),
        (last(7), Some(Days::Last(7))),
        (last(30), Some(Days::Last(30))),
    ];
    let links = usual.into_iter().map(|(word, days)| {
        let is_on = days.is_some() && find.days == days;
        let find = Find {
            days,
            ..find.clone()
        };
        view! {
            <a href=address(&find, None) aria-current=is_on.then_some("true") data-closes="">
                {word}
            </a>
        }
    });
    let links = links.collect_view();
    let (from, to) = match find.days {
        Some(Days::Between(from, to)) => (from, to),
        _ => (None, None),
    };
    let field = |name: &'static str, label: &'static str, day: Option<Date>| {
        let value = day.map(|day| day.to_string());
        view! {
            <label class="field">
                <span class="label">{label}</span>
                <input class="input" type="date" name=name value=value />
            </label>
        }
    };
    let button = view! { {say!(locale, common.word.day)} <Icon glyph=Glyph::Down /> }.into_any();
    let hidden = fields(find, &["last", "from", "to"]);
    let app = CurrentApp::expect().field().into_any();
    let from = field("from", say!(locale, common.word.from), from);
    let to = field("to", say!(locale, common.word.to), to);
    view! {
        <Menu id="by-day" class="drop" button_class="btn" button=button>
            {links}
            <form class="menu-form" action=PATH data-closes="">
                {app} {hidden} {from} {to}
                <button class="btn primary" name="show" value="yes">
                    {say!(locale, common.action.apply)}
                </button>
            </form>
        </Menu>
    }
    .into_any()
}

/// The day before that of the reader.
fn yesterday(reader: &Reader) -> Option<Days> {
    reader.date()?.earlier().map(Days::on)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn yesterday_is_the_readers() {
        // 2026-11-22T06:27:05Z; in Shanghai, the zone of a reader without one, it is Sunday, too.
        let reader = Reader::of(&HeaderMap::new(), Timestamp::from_millis(1_795_328_825_000));
        let day = Date::parse("2026-11-21");
        assert_eq!(yesterday(&reader), Some(Days::Between(day, day)));
    }
}
