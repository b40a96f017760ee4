use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{preset::PresetName, view::RoomView};

use crate::{
    form::failed, i18n::td, islands::START_FORM, query::Query, server_fns::SavePreset,
    this_page::locale,
};

/// The field for the name of a new preset. If the name is taken, a button that overwrites that preset.
pub fn save(view: &RoomView) -> impl IntoView + use<> {
    const NAME: &str = "preset_name";
    let locale = locale();
    let error = failed::<SavePreset>();
    let typed = error.as_ref().map(|_| expect_context::<Query>());
    let typed = typed.map_or_else(String::new, |query| query.get(NAME).to_owned());
    let is_taken = error.is_some_and(|error| error.problems_of(NAME).any(|code| code == "taken"));
    let namesake = view.presets.list.iter().find(|preset| {
        is_taken && preset.name.as_str().to_lowercase() == typed.trim().to_lowercase()
    });
    let over = namesake.map(|preset| {
        let name = preset.name.as_str().to_owned();
        view! {
            <button
                form=START_FORM
                formaction=SavePreset::url()
                name="preset"
                value=preset.id.to_string()
                class="btn"
            >
                {td!(locale, presets.overwrite_that, name = name)}
            </button>
        }
    });
    view! {
        <div class="save">
            <label class="label" for=NAME>
                {say!(locale, presets.save_as)}
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
                    data-enter="preset-save"
                />
                <button form=START_FORM formaction=SavePreset::url() class="btn" id="preset-save">
                    {say!(locale, presets.save)}
                </button>
            </div>
            {over}
        </div>
    }
}
