//! The place to jump from: rooms, recordings and pages by a part of their name.

use std::time::Duration;

use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use reelroom_domain::{jump::Found, search::SearchText};

use super::{Glyph, Icon, Modal};
use crate::{
    i18n::{t_string, use_i18n},
    paths,
    server_fns::jump,
    whole::in_app::InApp,
    whole::platform,
};

const LIST: &str = "jump-list";

/// One thing to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    glyph: Glyph,
    name: String,
    note: String,
    href: String,
}

impl Target {
    /// Whether what it is called contains `wanted`, in whatever case.
    fn is_called(&self, wanted: &str) -> bool {
        let wanted = wanted.trim().to_lowercase();
        [&self.name, &self.note]
            .into_iter()
            .any(|name| name.to_lowercase().contains(&wanted))
    }
}

/// The dialog that `Ctrl K` opens.
#[component]
pub fn Palette(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Modal
            open=open
            label=Signal::derive(move || t_string!(i18n, keys.jump_label))
            class="modal jump"
        >
            <Search open=open />
        </Modal>
    }
}

#[component]
fn Search(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let in_app = InApp::expect();
    let wanted = RwSignal::new(String::new());
    let found = RwSignal::new((String::new(), Found::default()));
    let ask = move |search: String| {
        spawn_local(async move {
            let answer = jump(search.clone(), in_app.get_untracked()).await;
            // An answer that is overtaken, or that nobody waits for any more, says nothing.
            if wanted.try_with_untracked(|wanted| *wanted == search) == Some(true)
                && let Ok(answer) = answer
            {
                found.set((search, answer));
            }
        });
    };
    ask(String::new());
    let mut ask_soon = platform::debounced(Duration::from_millis(120), ask);
    let chosen = RwSignal::new(0_usize);
    let targets = Memo::new(move |_| {
        let pages = [
            (Glyph::Room, t_string!(i18n, common.nav.rooms), "/"),
            (
                Glyph::Library,
                t_string!(i18n, common.nav.library),
                "/recordings",
            ),
            (
                Glyph::Inbox,
                t_string!(i18n, common.nav.callbacks),
                "/callbacks",
            ),
            (
                Glyph::Sliders,
                t_string!(i18n, common.nav.settings),
                "/settings",
            ),
        ];
        let pages = pages.map(|(glyph, name, href)| page(glyph, name, &in_app.to(href)));
        let wanted = wanted.get();
        found.with(|(of, found)| {
            let mut targets = targets_of(&in_app.get(), &wanted, &pages, found);
            // Until the answer is there, what was found for another word counts as far as it fits:
            // who presses Enter at once goes to nothing that they did not name.
            if *of != wanted {
                targets.retain(|target| target.is_called(&wanted));
            }
            targets
        })
    });
    let count = move || targets.with(Vec::len);
    let navigate = use_navigate();
    let go = move |target: &Target| {
        open.set(false);
        let is_moved = !target.href.starts_with("/rooms/");
        if is_moved || target.href.contains("%25") {
            // The router does not survive a `%` in a path, and other pages are not its own.
            let _ = window().location().set_href(&target.href);
        } else {
            navigate(&target.href, NavigateOptions::default());
        }
    };
    let go_chosen = go.clone();
    let press = move |event: KeyboardEvent| {
        let last = count().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => {
                chosen.update(|index| *index = if *index >= last { 0 } else { *index + 1 });
            }
            "ArrowUp" => {
                chosen.update(|index| *index = if *index == 0 { last } else { *index - 1 });
            }
            "Enter" => {
                if let Some(target) = targets.with(|targets| targets.get(chosen.get()).cloned()) {
                    go_chosen(&target);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let status = move || match count() {
        0 => t_string!(i18n, keys.none, search = wanted.get()),
        1 => t_string!(i18n, keys.found_single).to_owned(),
        n => t_string!(i18n, keys.found, n),
    };
    view! {
        <div class="modal-b">
            <div class="search">
                <Icon glyph=Glyph::Search />
                <input
                    class="input"
                    type="text"
                    role="combobox"
                    maxlength=SearchText::MAX_BYTES.to_string()
                    autofocus
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=told!(i18n, keys.jump_label)
                    aria-expanded="true"
                    aria-controls=LIST
                    aria-activedescendant=move || (count() > 0).then(|| option_id(chosen.get()))
                    placeholder=told!(i18n, keys.jump_hint)
                    on:keydown=press
                    on:input:target=move |event| {
                        wanted.set(event.target().value());
                        chosen.set(0);
                        ask_soon(event.target().value());
                    }
                />
            </div>
            <ul id=LIST role="listbox" aria-label=told!(i18n, keys.jump_label)>
                {move || {
                    let go = go.clone();
                    let option = move |(index, target): (usize, Target)| {
                        let go = go.clone();
                        view! { <Choice index=index target=target chosen=chosen on_go=move |target| go(&target) /> }
                    };
                    targets.get().into_iter().enumerate().map(option).collect_view()
                }}
            </ul>
            <p class=move || if count() == 0 { "none" } else { "sr" } role="status">
                {status}
            </p>
        </div>
    }
}

/// One line of what was found.
#[component]
fn Choice(
    index: usize,
    target: Target,
    chosen: RwSignal<usize>,
    on_go: impl Fn(Target) + 'static,
) -> impl IntoView {
    let here = target.clone();
    view! {
        <li
            id=option_id(index)
            role="option"
            aria-selected=move || (chosen.get() == index).to_string()
            on:pointermove=move |_| chosen.set(index)
            on:click=move |_| on_go(here.clone())
        >
            <Icon glyph=target.glyph />
            <span class="trunc">{target.name}</span>
            <span class="meta trunc">{target.note}</span>
        </li>
    }
}

fn option_id(index: usize) -> String {
    format!("{LIST}-{index}")
}

fn page(glyph: Glyph, name: &str, href: &str) -> Target {
    Target {
        glyph,
        name: name.to_owned(),
        note: String::new(),
        href: href.to_owned(),
    }
}

/// Rooms, then recordings, then the pages whose name contains what was typed.
fn targets_of(app: &str, wanted: &str, pages: &[Target], found: &Found) -> Vec<Target> {
    let rooms = found.rooms.iter().map(|row| {
        let name = row.label.name(&row.room).to_owned();
        let id = row.room.to_string();
        Target {
            glyph: Glyph::Room,
            note: if id == name { String::new() } else { id },
            name,
            href: paths::room(app, &row.room),
        }
    });
    let recordings = found.recordings.iter().map(|row| Target {
        glyph: Glyph::Film,
        name: row
            .file_name
            .clone()
            .unwrap_or_else(|| row.room.to_string()),
        note: row.room.to_string(),
        href: paths::recording(row.id),
    });
    let pages = pages.iter().filter(|page| page.is_called(wanted));
    rooms.chain(recordings).chain(pages.cloned()).collect()
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        place::RoomPlace,
        room::{RoomId, RoomTitle},
        view::{Presence, RoomLabel, RoomRow},
    };

    use super::*;

    #[test]
    fn rooms_come_by_their_title_and_pages_by_their_name() {
        let room = RoomId::new("r-1").unwrap();
        let found = Found {
            rooms: vec![RoomRow {
                alert: None,
                place: RoomPlace::new(0, 0, room.clone()),
                room,
                label: RoomLabel {
                    title: RoomTitle::parse("Small hall").unwrap(),
                    ..RoomLabel::default()
                },
                presence: Presence::Empty,
                current: None,
                last_recorded_at: None,
            }],
            recordings: vec![],
        };
        let pages = [
            page(Glyph::Room, "Rooms", "/"),
            page(Glyph::Sliders, "设置", "/settings"),
        ];
        let targets = targets_of("", " ROO", &pages, &found);
        let shown: Vec<_> = targets
            .iter()
            .map(|target| {
                (
                    target.name.as_str(),
                    target.note.as_str(),
                    target.href.as_str(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [("Small hall", "r-1", "/rooms/r-1"), ("Rooms", "", "/")]
        );
        assert_eq!(targets_of("", "设", &pages, &Found::default()).len(), 1);
    }
}
