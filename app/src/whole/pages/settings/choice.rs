use leptos::prelude::*;

/// One of two, side by side: radio buttons of a form.
#[component]
pub fn Choice(
    /// The field's name, as it is posted.
    name: &'static str,
    /// What is chosen.
    #[prop(into)]
    label: Signal<&'static str>,
    /// The value that is chosen at first.
    chosen: String,
    /// Value and word of each.
    options: [(&'static str, Signal<&'static str>); 2],
) -> impl IntoView {
    let chosen = if options.iter().any(|(value, _)| *value == chosen) {
        chosen
    } else {
        options[0].0.to_owned()
    };
    view! {
        <fieldset class="field">
            <legend class="label">{label}</legend>
            <div class="seg">
                {options
                    .into_iter()
                    .map(|(value, word)| {
                        let checked = value == chosen;
                        view! {
                            <label>
                                <input type="radio" name=name value=value checked=checked />
                                {word}
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}
