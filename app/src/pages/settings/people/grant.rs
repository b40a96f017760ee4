//! Grants: as a tag, as a line, and the form that adds one.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    access::Grant,
    ids::AppId,
    people::{Fits, GrantLine},
    room::RoomId,
};

use crate::{
    components::{FieldNote, Glyph, Icon, hidden, icon_form},
    error::ApiError,
    form::failed,
    i18n::Locale,
    paths,
    query::Query,
    server_fns::{AddGrant, RemoveGrant},
    this_page::locale,
    words,
};

/// The holder of the grants of a list: `user` or `group`, and the id.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a>(pub &'static str, pub &'a str);

impl Of<'_> {
    fn fields(self) -> AnyView {
        let Self(of, id) = self;
        hidden([("of", of), ("id", id)])
    }
}

/// The icon of a grant, and its name: a prefix with a `*`.
fn look(locale: Locale, line: &GrantLine) -> (Glyph, String) {
    match &line.grant {
        Grant::Everything => (
            Glyph::Check,
            say!(locale, people.grant.everything).to_owned(),
        ),
        Grant::App { .. } => (Glyph::App, line.app.clone()),
        Grant::Room { room, .. } => (Glyph::Room, room.to_string()),
        Grant::Prefix { prefix, .. } => (Glyph::Prefix, format!("{prefix}*")),
    }
}

/// A grant as a tag.
pub fn tag(locale: Locale, line: &GrantLine) -> impl IntoView + use<> {
    let (glyph, name) = look(locale, line);
    let class = line.grant.room().map(|_| "mono");
    view! {
        <span class="tag">
            <Icon glyph=glyph />
            <bdi class=class>{name}</bdi>
        </span>
    }
}

/// The grants of a holder, each with a button that removes it if the reader may change them, and the form that
/// adds one.
pub fn grants(
    lines: &[GrantLine],
    of: Of<'_>,
    apps: &[(AppId, String)],
    may_change: bool,
) -> impl IntoView + use<> {
    let locale = locale();
    let rows = lines.iter().map(|line| row(locale, line, of, may_change));
    let list = if lines.is_empty() {
        view! { <p class="muted">{say!(locale, people.grant.none)}</p> }.into_any()
    } else {
        view! { <ul class="lines">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        {list}
        {may_change.then(|| form(locale, of, apps))}
    }
}

fn row(locale: Locale, line: &GrantLine, of: Of<'_>, may_change: bool) -> impl IntoView + use<> {
    let (glyph, name) = look(locale, line);
    let app = line.app.clone();
    let kind = match &line.grant {
        Grant::Everything => say!(locale, people.grant.everything_text).to_owned(),
        Grant::App { .. } => say!(locale, people.grant.app_text).to_owned(),
        Grant::Room { .. } => say!(locale, people.grant.room_text, app),
        Grant::Prefix { .. } => say!(locale, people.grant.prefix_text, app),
    };
    let through = line.through.as_ref().map(|group| {
        let group = group.as_str();
        format!(" · {}", say!(locale, people.grant.through, group))
    });
    let fits = line.fits.as_ref().map(|fits| {
        let text = fits_text(locale, fits);
        view! { <small>{text}</small> }
    });
    let end = match &line.through {
        Some(_) => {
            let word = say!(locale, people.grant.in_group);
            view! { <span class="hint">{word}</span> }.into_any()
        }
        None => may_change
            .then(|| remove(locale, &line.grant, &name, of))
            .into_any(),
    };
    let class = line.grant.room().map(|_| "mono");
    // A grant through a group has no button.
    let id = line.through.is_none().then(|| row_id(&line.grant));
    view! {
        // Its id keeps a morph from turning it, with the focus in it, into the line of another grant.
        <li id=id>
            <span class="what">
                <Icon glyph=glyph />
                <span>
                    <bdi class=class>{name}</bdi>
                    <small>{kind} {through}</small>
                    {fits}
                </span>
            </span>
            {end}
        </li>
    }
}

/// Tells the grants of one holder apart.
fn row_id(grant: &Grant) -> String {
    let app = grant.app().map(|app| app.to_string());
    let room = grant.room().map_or("", RoomId::as_str);
    format!(
        "grant-{}-{}-{}",
        grant.kind(),
        app.unwrap_or_default(),
        paths::escape(room)
    )
}

fn remove(locale: Locale, grant: &Grant, name: &str, of: Of<'_>) -> impl IntoView + use<> {
    let word = say!(locale, people.grant.remove, name);
    let app = grant.app().map(|app| app.to_string());
    let fields = hidden([
        ("kind", grant.kind()),
        ("in_app", app.as_deref().unwrap_or_default()),
        ("room", grant.room().map_or("", RoomId::as_str)),
    ]);
    icon_form::<RemoveGrant>((of.fields(), fields), Glyph::X, word)
}

/// The number of rooms that a prefix fits today, with the names of the first ones.
fn fits_text(locale: Locale, fits: &Fits) -> String {
    let names: Vec<&str> = fits.first.iter().map(RoomId::as_str).collect();
    let (shown, names) = (names.len(), words::list(locale, &names));
    let n = fits.rooms;
    let names = match (n as usize).saturating_sub(shown) {
        0 => names,
        n => say!(locale, people.grant.and_more, names, n),
    };
    match n {
        0 => say!(locale, people.grant.fits_none).to_owned(),
        1 => say!(locale, people.grant.fits_single, names),
        n => say!(locale, people.grant.fits, n, names),
    }
}

/// The form that adds a grant. After an error it keeps what was typed.
fn form(locale: Locale, of: Of<'_>, apps: &[(AppId, String)]) -> impl IntoView + use<> {
    let error = failed::<AddGrant>();
    view! {
        <form method="post" action=AddGrant::url() class="addg">
            {of.fields()}
            {fields(locale, apps, error.as_ref(), false)}
            <button class="btn">{say!(locale, common.action.add)}</button>
        </form>
    }
}

/// The kind, the app and the room of a grant to add; where it is `optional`, there may be none. `people.css` hides
/// the fields that the kind does not take.
pub fn fields(
    locale: Locale,
    apps: &[(AppId, String)],
    error: Option<&ApiError>,
    optional: bool,
) -> impl IntoView + use<> {
    let query: Query = expect_context();
    let typed = |name: &str| {
        error
            .map(|_| query.get(name).to_owned())
            .unwrap_or_default()
    };
    let (kind, app, room) = (typed("kind"), typed("in_app"), typed("room"));
    let option = |value: &'static str, word: &'static str| {
        view! { <option value=value selected=kind == value>{word}</option> }
    };
    let none = optional.then(|| option("", say!(locale, people.grant.kind_none)));
    let choices = match apps {
        [(id, _)] => {
            let id = id.to_string();
            view! { <input type="hidden" name="in_app" value=id /> }.into_any()
        }
        apps => {
            let apps = apps.iter().map(|(id, name)| {
                let id = id.to_string();
                let selected = id == app;
                view! { <option value=id selected=selected>{name.clone()}</option> }
            });
            view! {
                <select class="select" name="in_app" aria-label=say!(locale, common.word.app)>
                    {apps.collect_view()}
                </select>
            }
            .into_any()
        }
    };
    let wrong = error.and_then(|error| error.problem_of("room"));
    let wrong = wrong.map(|_| say!(locale, people.grant.not_a_room));
    view! {
        <select class="select" name="kind" aria-label=say!(locale, people.grant.kind)>
            {none}
            {option("room", say!(locale, common.word.room))}
            {option("prefix", say!(locale, people.grant.kind_prefix))}
            {option("app", say!(locale, common.word.app))}
            {option("everything", say!(locale, people.grant.everything))}
        </select>
        {choices}
        <div class="field">
            <input
                class="input mono"
                name="room"
                value=room
                aria-label=say!(locale, people.grant.room)
                placeholder=say!(locale, people.grant.room)
                aria-describedby="grant-note"
                aria-invalid=wrong.map(|_| "true")
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
            />
            <FieldNote id="grant-note" wrong=wrong />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_says_how_many_rooms_it_fits() {
        let fits = |rooms: u32, names: &[&str]| Fits {
            rooms,
            first: names
                .iter()
                .map(|name| RoomId::new(*name).unwrap())
                .collect(),
        };
        let text = |locale, fits: &Fits| fits_text(locale, fits);
        assert_eq!(
            text(Locale::en, &fits(2, &["lab-a", "lab-b"])),
            "Fits 2 rooms today: lab-a, lab-b. Later rooms are included."
        );
        assert_eq!(
            text(Locale::en, &fits(5, &["lab-a", "lab-b"])),
            "Fits 5 rooms today: lab-a, lab-b and 3 more. Later rooms are included."
        );
        assert!(text(Locale::en, &fits(1, &["lab"])).starts_with("Fits 1 room today: lab."));
        assert!(text(Locale::en, &fits(0, &[])).starts_with("Fits no room"));
        assert!(text(Locale::zh_CN, &fits(4, &["a", "b"])).contains("a、b 等，另有 2 个"));
    }
}
