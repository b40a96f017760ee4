use leptos::prelude::*;
use reelroom_domain::app::ConnectionTest;

use super::connection::TestResult;
use crate::{
    components::ErrorNote,
    error::ApiError,
    i18n::Locale,
    lint_line::{Level, LintLine},
    this_page::locale,
};

/// The id prefix and the error of a form, for its fields.
#[derive(Debug, Clone)]
pub struct Form {
    /// Makes the ids of the fields unique on the page.
    pub key: String,
    /// The error, if the form was rejected.
    pub error: Option<ApiError>,
}

impl Form {
    /// The id of a field.
    pub fn id(&self, field: &str) -> String {
        format!("{}-{field}", self.key)
    }

    /// The error of a field.
    pub fn wrong(&self, field: &str) -> Option<&'static str> {
        let code = self.error.as_ref()?.problems_of(field).next()?;
        Some(sentence(locale(), field, code))
    }
}

/// The message for a rejected value; `code` is from the server.
fn sentence(locale: Locale, field: &str, code: &str) -> &'static str {
    match field {
        "allowed_hosts" | "kinds" if code == "too_long" => {
            say!(locale, settings.unusable.list_too_long)
        }
        _ if code == "too_long" => say!(locale, settings.unusable.too_long),
        "name" => say!(locale, settings.unusable.name),
        "app_id" => say!(locale, settings.unusable.app_id),
        "api_base" | "vod_base" => say!(locale, settings.unusable.api_base),
        "zone" => say!(locale, settings.unusable.zone),
        "kinds" => say!(locale, apps.unusable_kinds),
        "vod_token" => say!(locale, apps.unusable_token),
        "due" => say!(locale, watch.patience.wrong),
        _ => say!(locale, settings.unusable.other),
    }
}

/// The end of a form: errors that belong to no field, the result, and the buttons.
#[component]
pub fn FormEnd(
    /// The form.
    form: Form,
    /// Whether it was saved.
    saved: bool,
    /// The test of the current values.
    #[prop(optional_no_strip)]
    test: Option<ConnectionTest>,
    /// The buttons before the save button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let locale = locale();
    let of_no_field = |error: &ApiError| !matches!(error, ApiError::Invalid { .. });
    view! {
        <div class="form-f">
            {form.error.filter(of_no_field).map(|error| view! { <ErrorNote error=error /> })}
            <div class="said" role="status">
                {saved
                    .then(|| {
                        view! { <LintLine level=Level::Ok>{say!(locale, settings.saved)}</LintLine> }
                    })}
                {test.map(|test| view! { <TestResult test=test /> })}
            </div>
            {children.map(|children| children())}
            <button class="btn primary">{say!(locale, settings.save)}</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_has_its_sentence() {
        let of = |field| sentence(Locale::en, field, "unusable");
        let other = of("method");
        for field in [
            "name",
            "app_id",
            "api_base",
            "zone",
            "kinds",
            "vod_base",
            "vod_token",
            "due",
        ] {
            assert_ne!(of(field), other, "{field}");
        }
        let too_long = |field| sentence(Locale::en, field, "too_long");
        assert_eq!(too_long("name"), "At most 200 bytes.");
        assert_eq!(too_long("allowed_hosts"), "At most 2,000 bytes.");
    }
}
