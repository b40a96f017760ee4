//! Saving what stands in the form under a name.

use leptos::{prelude::*, server_fn::ServerFn as _, web_sys};
use leptos_router::hooks::use_query_map;
use reelroom_domain::{ids::PresetId, preset::PresetName};

use super::{Hand, START_FORM};
use crate::{
    i18n::{t, use_i18n},
    server_fns::SavePreset,
    whole::components::tie,
};

/// The id and the name of the field for the name.
const NAME: &str = "preset_name";

/// Saves the form in place of a preset or, without one, as a new one of that name.
pub fn save(hand: Hand, name: String, over: Option<PresetId>) {
    let form = untrack(|| hand.form.get_value().now());
    hand.deeds().begin();
    hand.deeds().save.dispatch(SavePreset {
        room: hand.room(),
        app: hand.app(),
        preset: over.map(|id| id.to_string()).unwrap_or_default(),
        preset_name: name,
        rule: form.rule,
        path: form.path,
        user_data: form.user_data,
        kind: form.kind,
        stop_after: form.stop_after,
        stop_at_end: if form.stop_at_end { "yes" } else { "" }.to_owned(),
    });
}

/// The field for a new name. Where the name is taken, a button that saves in place of that preset.
#[component]
pub fn SaveNew(hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let typed = use_query_map().with_untracked(|query| query.get(NAME).unwrap_or_default());
    let name = RwSignal::new(typed.clone());
    tie(NAME, name);
    let namesake = Memo::new(move |_| {
        let typed = name.with(|name| PresetName::parse(name).ok())?;
        let same =
            |name: &PresetName| name.as_str().to_lowercase() == typed.as_str().to_lowercase();
        hand.presets.with(|presets| {
            let preset = presets.list.iter().find(|preset| same(&preset.name))?;
            Some((preset.id, preset.name.as_str().to_owned()))
        })
    });
    let over = move || {
        namesake
            .get()
            .filter(|_| hand.deeds().name_is_taken())
            .map(|(id, title)| {
                view! {
                    <button
                        form=START_FORM
                        formaction=SavePreset::url()
                        name="preset"
                        value=id.to_string()
                        class="btn"
                        on:click=move |event| {
                            event.prevent_default();
                            save(hand, String::new(), Some(id));
                        }
                    >
                        {t!(i18n, presets.overwrite_that, name = title)}
                    </button>
                }
            })
    };
    // What was saved under a name needs the name no longer.
    Effect::new(move || {
        if let Some(Ok(_)) = hand.deeds().save.value().get() {
            name.set(String::new());
        }
    });
    let save_new = move || save(hand, name.get_untracked(), None);
    let by_enter = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            save_new();
        }
    };
    view! {
        <div class="save">
            <label class="label" for=NAME>
                {told!(i18n, presets.save_as)}
            </label>
            <div class="go">
                <input
                    class="input"
                    id=NAME
                    name=NAME
                    form=START_FORM
                    value=typed
                    autocomplete="off"
                    maxlength=PresetName::LONGEST.to_string()
                    on:input:target=move |event| name.set(event.target().value())
                    on:keydown=by_enter
                />
                <button
                    form=START_FORM
                    formaction=SavePreset::url()
                    class="btn"
                    on:click=move |event| {
                        event.prevent_default();
                        save_new();
                    }
                >
                    {told!(i18n, presets.save)}
                </button>
            </div>
            {over}
        </div>
    }
}
