//! One preset of the list: a button that fills the form in, and what can be done with the preset.

use leptos::{prelude::*, server_fn::ServerFn as _, web_sys};
use reelroom_domain::{
    ids::PresetId,
    preset::{Move, PresetView},
};

use super::{Hand, START_FORM, change::Change, neighbours};
use crate::{
    i18n::{t_string, use_i18n},
    server_fns::{FillIn, MovePreset},
    whole::components::{Glyph, Icon},
};

/// One preset, and what can be done with it.
#[derive(Clone, Copy)]
pub struct Own {
    /// The list that it is in.
    pub hand: Hand,
    /// Its id.
    pub id: PresetId,
    preset: Memo<Option<PresetView>>,
    /// The one above and the one below.
    pub sides: Memo<(Option<PresetId>, Option<PresetId>)>,
}

impl Own {
    fn new(hand: Hand, id: PresetId) -> Self {
        Self {
            hand,
            id,
            preset: Memo::new(move |_| {
                hand.presets
                    .with(|presets| presets.list.iter().find(|preset| preset.id == id).cloned())
            }),
            sides: Memo::new(move |_| hand.presets.with(|presets| neighbours(presets, id))),
        }
    }

    /// Its name.
    pub fn name(self) -> String {
        self.preset.with(|preset| {
            let name = preset.as_ref().map(|preset| preset.name.as_str());
            name.unwrap_or_default().to_owned()
        })
    }

    fn rule(self) -> String {
        self.preset.with(|preset| {
            let rule = preset.as_ref().map(|preset| preset.form.rule.clone());
            rule.unwrap_or_default()
        })
    }

    /// Whether this room begins with it.
    pub fn for_room(self) -> bool {
        self.preset
            .with(|preset| preset.as_ref().is_some_and(|preset| preset.for_room))
    }

    /// Whether all rooms begin with it that have no other.
    pub fn for_all(self) -> bool {
        self.preset
            .with(|preset| preset.as_ref().is_some_and(|preset| preset.for_all))
    }

    /// What a button posts that moves it.
    pub fn past(self, step: Move) -> Option<String> {
        let (above, below) = self.sides.get();
        let past = match step {
            Move::Up => above?,
            Move::Down => below?,
        };
        Some(format!("{} {past}", step.as_str()))
    }

    /// Moves it, where there is something to move past; then the focus is at `back` again: a row that
    /// is moved loses it on its way.
    pub fn go(self, step: Move, back: String) {
        if let Some(past) = untrack(|| self.past(step)) {
            self.hand.deeds().begin();
            self.hand.back.set_value(Some(back));
            self.hand.deeds().step.dispatch(MovePreset {
                room: self.hand.room(),
                app: self.hand.app(),
                preset: self.id.to_string(),
                past,
            });
        }
    }
}

/// A preset. Alt with an arrow key moves it, as its buttons do.
#[component]
pub fn Row(hand: Hand, id: PresetId) -> impl IntoView {
    let i18n = use_i18n();
    let own = Own::new(hand, id);
    let offer = format!("preset-{id}");
    let back = offer.clone();
    let by_key = move |event: web_sys::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowUp" if event.alt_key() => Move::Up,
            "ArrowDown" if event.alt_key() => Move::Down,
            _ => return,
        };
        event.prevent_default();
        own.go(step, back.clone());
    };
    view! {
        <li class="preset">
            <button
                form=START_FORM
                formaction=FillIn::url()
                name="with"
                value=id.to_string()
                class="offer"
                id=offer
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                on:keydown=by_key
                on:click=move |event| {
                    event.prevent_default();
                    if let Some(preset) = own.preset.get_untracked() {
                        hand.fill(preset.form);
                    }
                }
            >
                <span>
                    <span class="trunc">{move || own.name()}</span>
                    <Show when=move || own.for_room()>
                        <i class="tag">{told!(i18n, presets.for_room)}</i>
                    </Show>
                    <Show when=move || own.for_all()>
                        <i class="tag">{told!(i18n, presets.for_all)}</i>
                    </Show>
                </span>
                <code class="trunc">{move || own.rule()}</code>
            </button>
            <details class="change">
                <summary
                    class="btn quiet icon"
                    aria-label=move || t_string!(i18n, presets.change, name = own.name())
                >
                    <Icon glyph=Glyph::Pencil />
                </summary>
                <Change own=own />
            </details>
        </li>
    }
}
