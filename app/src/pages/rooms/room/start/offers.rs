use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    preset::{Offer, PresetView},
    view::RoomView,
};

use super::change::change;
use crate::{
    components::{Glyph, Icon},
    islands::START_FORM,
    server_fns::FillIn,
    this_page::locale,
};

/// The presets and other values that can fill in the form, in order.
pub fn offers(view: &RoomView) -> impl IntoView + use<> {
    let offers = view.presets.offers().into_iter();
    let rows = offers.map(|offer| match offer {
        Offer::LastUsed(form) => view! {
            <li>
                <button
                    form=START_FORM
                    formaction=FillIn::url()
                    name="with"
                    value="last"
                    class="offer"
                >
                    <span>{say!(locale(), presets.last_used)}</span>
                    <code class="trunc">{form.rule.clone()}</code>
                </button>
            </li>
        }
        .into_any(),
        Offer::Preset(preset) => row(view, preset).into_any(),
    });
    let none = view.presets.list.is_empty();
    view! {
        <ul class="offers">{rows.collect_view()}</ul>
        {none.then(|| view! { <p class="hint">{say!(locale(), presets.empty)}</p> })}
    }
}

/// A preset: a button that fills in the form, and a menu of actions. Alt with an arrow key moves the preset,
/// like its buttons.
fn row(view: &RoomView, preset: &PresetView) -> impl IntoView + use<> {
    let locale = locale();
    let id = preset.id;
    let name = preset.name.as_str().to_owned();
    let tag = |on: bool, word: &'static str| on.then(|| view! { <i class="tag">{word}</i> });
    view! {
        <li class="preset" id=format!("preset-{id}")>
            <button
                form=START_FORM
                formaction=FillIn::url()
                name="with"
                value=id.to_string()
                class="offer"
                id=format!("preset-offer-{id}")
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                data-alt-up=format!("preset-up-{id}")
                data-alt-down=format!("preset-down-{id}")
            >
                <span>
                    <span class="trunc">{name.clone()}</span>
                    {tag(preset.for_room, say!(locale, presets.for_room))}
                    {tag(preset.for_all, say!(locale, presets.for_all))}
                </span>
                <code class="trunc">{preset.form.rule.clone()}</code>
            </button>
            <details class="change" id=format!("preset-change-{id}")>
                <summary
                    class="btn quiet icon"
                    aria-label=say!(locale, presets.change, name = name)
                >
                    <Icon glyph=Glyph::Pencil />
                </summary>
                {change(view, preset)}
            </details>
        </li>
    }
}
