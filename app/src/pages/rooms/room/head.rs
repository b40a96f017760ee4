//! The head of the panel: name, state, label (star, title, hidden), and whether the room is always recorded.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    recording::RecordingState,
    room::RoomTitle,
    view::{Presence, RoomView},
    watch::AlwaysRecord,
};

use super::context::{room_fields, state_of};
use crate::{
    components::{CopyButton, Glyph, Icon, Menu, RoomTag, icon_link, switch, time_as},
    current_app::CurrentApp,
    error::ApiError,
    form::{failed, typed, yes},
    i18n::td,
    lint_line::{Level, LintLine},
    paths,
    query::Query,
    server_fns::{LabelRoom, MarkAlways, RemoveRoom},
    this_page::locale,
    words::TimeStyle,
};

pub fn head(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let app = CurrentApp::expect();
    let id = view.room.to_string();
    // A ready recording is not shown here: the room is live or idle again.
    let state = state_of(view).filter(|state| *state != RecordingState::Ready);
    let current = state.map(|state| (state, view.now));
    let may_record = view.role.may_record();
    let label = may_record.then(|| (star(view), label_menu(view)));
    let library = paths::library(app.as_str(), &view.room);
    let word = say!(locale, common.word.recordings);
    view! {
        <header class="panel-h">
            <a
                class="btn quiet icon back"
                href=app.to("/")
                aria-label=say!(locale, rooms.panel.back)
            >
                <Icon glyph=Glyph::Left />
            </a>
            // Receives the focus when the focused element is removed (see `morph.js`).
            <h1 id="room-name" tabindex="-1" data-focus="" title=id.clone()>
                {view.label.name(&view.room).to_owned()}
            </h1>
            <RoomTag presence=view.presence current=current large=true />
            <span class="sub">{people_since(view.presence)}</span>
            <div class="acts">
                {label}
                {icon_link("btn quiet", library, Glyph::Library, word)}
                <CopyButton text=id label=say!(locale, rooms.panel.copy) />
            </div>
        </header>
    }
}

fn people_since(presence: Presence) -> AnyView {
    let locale = locale();
    let Presence::Live { people, since } = presence else {
        return ().into_any();
    };
    let time = time_as(since, TimeStyle::Clock);
    if people == 1 {
        td!(locale, rooms.panel.person_since, time).into_any()
    } else {
        td!(locale, rooms.panel.people_since, n = people, time).into_any()
    }
}

/// The button that stars the room, or removes the star.
fn star(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let label = &view.label;
    let word = if label.starred {
        say!(locale, rooms.label.unstar)
    } else {
        say!(locale, rooms.label.star)
    };
    view! {
        <form method="post" action=LabelRoom::url()>
            {room_fields(view)}
            <input type="hidden" name="title" value=String::from(label.title.clone()) />
            <input type="hidden" name="starred" value=yes(!label.starred) />
            <input type="hidden" name="hidden" value=yes(label.hidden) />
            <button
                class="btn quiet icon star"
                aria-label=word
                title=word
                aria-pressed=label.starred.to_string()
            >
                <Icon glyph=Glyph::Star />
            </button>
        </form>
    }
}

/// The menu with the title, the place in the lists, and "always record". It is open if the title was
/// rejected.
fn label_menu(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let label = &view.label;
    let error = failed::<LabelRoom>();
    let wrong = error.is_some_and(|error| error.is_about("title"));
    let title = if wrong {
        expect_context::<Query>().get("title").to_owned()
    } else {
        String::from(label.title.clone())
    };
    let hint = if wrong {
        say!(locale, rooms.label.title_wrong)
    } else {
        say!(locale, rooms.label.title_hint)
    };
    let (starred, hidden) = (label.starred, label.hidden);
    let (fields, always) = (room_fields(view), always_form(view));
    let removal = (!view.is_reported).then(|| removal_form(view));
    let open = wrong || failed::<RemoveRoom>().is_some();
    let button = view! {
        <Icon glyph=Glyph::Sliders />
        <span class="word">{say!(locale, rooms.label.edit)}</span>
    }
    .into_any();
    view! {
        <Menu
            id="room-label"
            class="drop addroom label-menu"
            button_class="btn quiet options"
            button=button
            label=say!(locale, rooms.label.edit)
            open=open
        >
            <form method="post" action=LabelRoom::url() class="label-form" data-closes="">
                {fields}
                <input type="hidden" name="starred" value=yes(starred) />
                <label class="label" for="room-title">{say!(locale, common.word.title)}</label>
                <div class="go">
                    <input
                        class="input"
                        id="room-title"
                        name="title"
                        value=title
                        maxlength=RoomTitle::LONGEST.to_string()
                        autocomplete="off"
                        aria-describedby="room-title-hint"
                        aria-invalid=wrong.then_some("true")
                    />
                    <button class="btn primary">{say!(locale, common.action.save)}</button>
                </div>
                <p class="hint" id="room-title-hint" aria-live="polite">{hint}</p>
                {switch("hidden", hidden, say!(locale, rooms.label.hide))}
                <p class="hint">{say!(locale, rooms.label.hide_hint)}</p>
            </form>
            {always} {removal}
        </Menu>
    }
}

/// Removes a mistyped room, or moves its recordings into the right one.
fn removal_form(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let error = failed::<RemoveRoom>();
    let typed = typed::<RemoveRoom>("into");
    let trouble = error.map(|error| {
        let text = match error {
            ApiError::Invalid { .. } => say!(locale, rooms.remove.no_target),
            _ => say!(locale, rooms.remove.wrong),
        };
        view! { <LintLine level=Level::Error>{text}</LintLine> }
    });
    view! {
        <form method="post" action=RemoveRoom::url() class="always-form">
            {room_fields(view)}
            <p class="label">{say!(locale, rooms.remove.title)}</p>
            <p class="hint">{say!(locale, rooms.remove.text)}</p>
            <label class="label" for="remove-into">{say!(locale, rooms.remove.into)}</label>
            <div class="go">
                <input
                    class="input mono"
                    id="remove-into"
                    name="into"
                    value=typed
                    autocomplete="off"
                    aria-describedby="remove-hint"
                />
                <button class="btn">{say!(locale, common.action.remove)}</button>
            </div>
            <div id="remove-hint" role="alert">{trouble}</div>
            <p class="hint">{say!(locale, rooms.remove.into_hint)}</p>
        </form>
    }
}

/// Turns "always record" on or off, and shows what it will use.
fn always_form(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let button = |always: AlwaysRecord, word: &'static str| {
        view! {
            <button class="btn" name="always" value=always.as_str() aria-describedby="always-hint">
                {word}
            </button>
        }
    };
    let buttons = match &view.watch.always {
        Some(mark) if mark.once => {
            button(AlwaysRecord::Off, say!(locale, watch.always.unmark_once)).into_any()
        }
        Some(_) => button(AlwaysRecord::Off, say!(locale, watch.always.unmark)).into_any(),
        None => view! {
            {button(AlwaysRecord::On, say!(locale, watch.always.mark))}
            {button(AlwaysRecord::Once, say!(locale, watch.always.once))}
        }
        .into_any(),
    };
    let (rule, kind) = (view.form.rule.clone(), view.form.kind.clone());
    view! {
        <form method="post" action=MarkAlways::url() class="always-form">
            {room_fields(view)} {buttons}
            <p class="hint" id="always-hint">
                {say!(locale, watch.always.hint)} " "
                {say!(locale, watch.always.uses, rule, kind)}
            </p>
        </form>
    }
}
