//! The fields of the forms, with their errors.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    components::{FieldNote, Glyph, Icon},
    i18n::Locale,
    pages::settings::form::Form,
};

/// The message for a rejected field.
fn sentence(locale: Locale, field: &str, code: &str) -> &'static str {
    match field {
        "name" if code == "full" => say!(locale, retention.wrong.full),
        "name" => say!(locale, retention.wrong.name),
        "in_app" => say!(locale, retention.wrong.in_app),
        "rooms" => say!(locale, retention.wrong.rooms),
        "tags" => say!(locale, retention.wrong.tags),
        "states" => say!(locale, retention.wrong.states),
        "kinds" => say!(locale, retention.wrong.kinds),
        "days" => say!(locale, retention.wrong.days),
        "gigabytes" => say!(locale, retention.wrong.gigabytes),
        "hour" => say!(locale, retention.time.hour_hint),
        "zone" => say!(locale, retention.wrong.zone),
        _ => say!(locale, retention.wrong.reason),
    }
}

/// The form of the server function `S`.
pub fn form<S: ServerFn>() -> Form {
    let form = Form::of::<S>("rule");
    Form { sentence, ..form }
}

/// A group of boxes: the name, the word and whether it is ticked of each.
#[component]
pub fn Boxes(
    name: &'static str,
    label: &'static str,
    boxes: [(&'static str, &'static str, bool); 3],
    wrong: Option<&'static str>,
    #[prop(optional)] hint: Option<&'static str>,
) -> impl IntoView {
    let note = format!("rule-{name}-note");
    let described_by = note.clone();
    let boxes = boxes.map(|(name, word, ticked)| {
        view! {
            <label>
                <span class="check">
                    <input type="checkbox" name=name value="yes" checked=ticked />
                    <span>
                        <Icon glyph=Glyph::Check />
                    </span>
                </span>
                {word}
            </label>
        }
    });
    view! {
        <fieldset class="field" aria-describedby=described_by>
            <legend class="label">{label}</legend>
            <div class="cks">{boxes.into_iter().collect_view()}</div>
            <FieldNote id=note wrong=wrong hint=hint />
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::retention::RuleField;
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn each_field_has_its_sentence() {
        let of = |field| sentence(Locale::en, field, "unusable");
        let other = of("method");
        for field in RuleField::VARIANTS {
            let is_reason = *field == RuleField::Reason;
            assert_eq!(of(field.as_str()) == other, is_reason, "{field:?}");
        }
        assert!(sentence(Locale::en, "name", "full").contains("20"));
    }
}
