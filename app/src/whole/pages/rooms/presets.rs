//! Presets: what the start form can be filled with, saved, named and put in order.
//!
//! Every button posts by itself: those that need what is typed belong to the start form by its id,
//! the others to a form of their own. Where the page has come to life, it does the same without
//! leaving.

mod change;
mod deeds;
mod row;
mod save;

use leptos::{
    leptos_dom::helpers::{document, request_animation_frame},
    prelude::*,
    server_fn::ServerFn as _,
    wasm_bindgen::JsCast as _,
    web_sys,
};
use reelroom_domain::{
    ids::{AppId, PresetId},
    order::StartForm,
    preset::{Offer, PresetView, Presets},
    room::RoomId,
};

pub use self::deeds::PresetDeeds;
use self::{row::Row, save::SaveNew};
use super::{form::START_FORM, form_state::FormState, panel::Room};
use crate::{
    i18n::{t_string, use_i18n},
    server_fns::FillIn,
    whole::components::{Glyph, Icon},
};

/// The id of the button that opens the list.
const OPEN: &str = "presets-open";

/// What the parts of the list work with.
#[derive(Clone, Copy)]
struct Hand {
    form: StoredValue<FormState>,
    deeds: StoredValue<PresetDeeds>,
    presets: Memo<Presets>,
    room: StoredValue<RoomId>,
    app: StoredValue<AppId>,
    /// The id of the element that gets the focus back once the list has changed.
    back: StoredValue<Option<String>>,
}

impl Hand {
    fn room(self) -> String {
        self.room.with_value(ToString::to_string)
    }

    fn deeds(self) -> PresetDeeds {
        self.deeds.get_value()
    }

    fn app(self) -> String {
        self.app.get_value().to_string()
    }

    /// Fills the form in, and closes the list.
    fn fill(self, form: StartForm) {
        self.form.get_value().fill(form);
        close();
    }
}

/// The button that names the preset in the form, its list, and the way back.
#[component]
pub fn PresetMenu(form: FormState) -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let (id, app) = room
        .view
        .with_untracked(|view| (view.room.clone(), view.app.id));
    let hand = Hand {
        form: StoredValue::new(form),
        deeds: StoredValue::new(room.deeds.presets),
        presets: Memo::new(move |_| room.view.with(|view| view.presets.clone())),
        room: StoredValue::new(id),
        app: StoredValue::new(app),
        back: StoredValue::new(None),
    };
    Effect::new(move || {
        hand.presets.track();
        if let Some(id) = hand.back.try_update_value(Option::take).flatten() {
            focus_later(id);
        }
    });
    let held = move || {
        let now = form.now();
        hand.presets.with(|presets| {
            presets.held_by(&now).map_or_else(
                || t_string!(i18n, presets.none).to_owned(),
                |preset| preset.name.as_str().to_owned(),
            )
        })
    };
    let can_take_back = Memo::new(move |_| form.can_take_back());
    let close_by_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && close() {
            event.prevent_default();
        }
    };
    view! {
        <button
            form=START_FORM
            formaction=FillIn::url()
            name="with"
            value="before"
            class="btn quiet take-back"
            hidden=move || !can_take_back.get()
            on:click=move |event| {
                event.prevent_default();
                form.take_back();
            }
        >
            <Icon glyph=Glyph::History />
            {told!(i18n, presets.undo)}
        </button>
        <span class="sr" role="status">
            {move || can_take_back.get().then(|| t_string!(i18n, presets.filled))}
        </span>
        <details
            class="drop presets"
            id=OPEN
            open=untrack(|| hand.deeds().wrong().is_some())
            on:keydown=close_by_key
        >
            <summary class="btn">
                <span class="trunc">{told!(i18n, presets.label)} " " <b>{held}</b></span>
                <Icon glyph=Glyph::Down />
            </summary>
            <div class="menu" role="group" aria-label=told!(i18n, presets.title)>
                <Trouble hand=hand />
                <Offers hand=hand />
                <SaveNew hand=hand />
            </div>
        </details>
    }
}

/// What the form can be filled with, in the order of offering.
#[component]
fn Offers(hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let last = Memo::new(move |_| hand.presets.with(|presets| presets.last_used.clone()));
    let list = Memo::new(move |_| hand.presets.with(listed));
    view! {
        <ul class="offers">
            {move || {
                last.get()
                    .map(|last| {
                        let rule = last.rule.clone();
                        view! {
                            <li>
                                <button
                                    form=START_FORM
                                    formaction=FillIn::url()
                                    name="with"
                                    value="last"
                                    class="offer"
                                    on:click=move |event| {
                                        event.prevent_default();
                                        hand.fill(last.clone());
                                    }
                                >
                                    <span>{told!(i18n, presets.last_used)}</span>
                                    <code class="trunc">{rule}</code>
                                </button>
                            </li>
                        }
                    })
            }}
            <For each=move || list.get() key=|id| *id let:id>
                <Row hand=hand id=id />
            </For>
        </ul>
        <Show when=move || list.with(Vec::is_empty)>
            <p class="hint">{told!(i18n, presets.empty)}</p>
        </Show>
    }
}

/// The presets in the order in which they are offered.
fn listed(presets: &Presets) -> Vec<PresetId> {
    presets
        .offers()
        .into_iter()
        .filter_map(|offer| match offer {
            Offer::Preset(preset) => Some(preset.id),
            Offer::LastUsed(_) => None,
        })
        .collect()
}

/// The preset before and the one behind, as they are offered: those that this one can be moved past.
/// Defaults stand above the others whatever their place.
fn neighbours(presets: &Presets, id: PresetId) -> (Option<PresetId>, Option<PresetId>) {
    let rank = |preset: &PresetView| (preset.for_room, preset.for_all && !preset.for_room);
    let Some(own) = presets.list.iter().find(|preset| preset.id == id) else {
        return (None, None);
    };
    let alike: Vec<PresetId> = presets
        .list
        .iter()
        .filter(|preset| rank(preset) == rank(own))
        .map(|preset| preset.id)
        .collect();
    let Some(at) = alike.iter().position(|other| *other == id) else {
        return (None, None);
    };
    let before = at.checked_sub(1).and_then(|at| alike.get(at));
    (before.copied(), alike.get(at + 1).copied())
}

/// Why the last deed was not done.
#[component]
fn Trouble(hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let line = move || {
        let error = hand.deeds().wrong()?;
        Some(view! {
            <p class="lint" data-level="error">
                <Icon glyph=Glyph::Error />
                <span>{deeds::words(i18n.get_locale(), &error)}</span>
            </p>
        })
    };
    view! { <div role="alert">{line}</div> }
}

fn list_element() -> Option<web_sys::Element> {
    document().get_element_by_id(OPEN)
}

/// Closes the list and goes back to its button; `false`: it was closed.
fn close() -> bool {
    let Some(list) = list_element().filter(|list| list.has_attribute("open")) else {
        return false;
    };
    // It fails only for a name that is none.
    let _ = list.remove_attribute("open");
    if let Ok(Some(button)) = list.query_selector("summary") {
        focus(&button);
    }
    true
}

/// Goes to the element of that id once the page shows what has changed.
fn focus_later(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            focus(&element);
        }
    });
}

fn focus(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        // It fails only where the element is gone.
        let _ = element.focus();
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::preset::PresetName;

    use super::*;

    fn preset(digit: char, for_room: bool, for_all: bool) -> PresetView {
        PresetView {
            id: digit.to_string().repeat(32).parse().unwrap(),
            name: PresetName::parse("x").unwrap(),
            form: StartForm::default(),
            for_room,
            for_all,
        }
    }

    #[test]
    fn a_preset_moves_past_what_stands_beside_it() {
        let list = vec![
            preset('1', false, false),
            preset('2', false, true),
            preset('3', false, false),
            preset('4', true, true),
        ];
        let id = |index: usize| list[index].id;
        let presets = Presets {
            list: list.clone(),
            ..Presets::default()
        };
        assert_eq!(listed(&presets), [id(3), id(1), id(0), id(2)]);
        assert_eq!(neighbours(&presets, id(0)), (None, Some(id(2))));
        assert_eq!(neighbours(&presets, id(2)), (Some(id(0)), None));
        assert_eq!(neighbours(&presets, id(1)), (None, None));
        assert_eq!(neighbours(&presets, id(3)), (None, None));
    }
}
