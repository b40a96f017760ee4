//! What of an app's form is no view: how it begins, what came back, what is wrong with a field.

use leptos_router::params::ParamsMap;
use reelroom_domain::app::{AppForm, AppSettings, DEFAULT_KIND, VideoToken};

use crate::i18n::{Locale, td_string};

/// An app that is not there yet, with the values of the given document.
pub fn new_app() -> AppSettings {
    AppSettings {
        form: AppForm {
            api_base: "http://www.anyrtc.io".to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            kinds: DEFAULT_KIND.to_owned(),
            vod_base: "https://vdn.anyrtc.cc".to_owned(),
            ..AppForm::default()
        },
        masked_id: String::new(),
        token: VideoToken::Absent,
        is_default: false,
        recordings: 0,
        test: None,
        typed: None,
    }
}

/// What came back in the address from a form that was sent without JavaScript: the app that it was
/// for, and its fields. The AppID and the token never come back.
pub fn typed(query: &ParamsMap) -> Option<AppForm> {
    let get = |name: &str| query.get(name).unwrap_or_default();
    query.get("encoding").map(|encoding| AppForm {
        id: get("id").parse().ok(),
        name: get("name"),
        app_id: String::new(),
        api_base: get("api_base"),
        method: get("method"),
        encoding,
        reply_form: get("reply_form"),
        zone: get("zone"),
        allowed_hosts: get("allowed_hosts"),
        public_cloud: !get("public_cloud").is_empty(),
        frames: !get("frames").is_empty(),
        kinds: get("kinds"),
        vod_base: get("vod_base"),
    })
}

/// Why a field's value cannot be used; `code` is the server's.
pub fn unusable(locale: Locale, field: &str, code: &str) -> &'static str {
    match field {
        "allowed_hosts" | "kinds" if code == "too_long" => {
            td_string!(locale, settings.unusable.list_too_long)
        }
        _ if code == "too_long" => td_string!(locale, settings.unusable.too_long),
        "name" => td_string!(locale, settings.unusable.name),
        "app_id" => td_string!(locale, settings.unusable.app_id),
        "api_base" | "vod_base" => td_string!(locale, settings.unusable.api_base),
        "zone" => td_string!(locale, settings.unusable.zone),
        "kinds" => td_string!(locale, apps.unusable_kinds),
        "vod_token" => td_string!(locale, apps.unusable_token),
        _ => td_string!(locale, settings.unusable.other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_app_speaks_as_the_given_document() {
        let app = new_app().form;
        assert_eq!(app.id, None);
        assert_eq!(app.api_base, "http://www.anyrtc.io");
        assert_eq!(app.zone, "Asia/Shanghai");
        assert_eq!(app.kinds, "Meet");
    }

    #[test]
    fn each_field_has_its_sentence() {
        let of = |field| unusable(Locale::en, field, "unusable");
        let other = of("method");
        for field in [
            "name",
            "app_id",
            "api_base",
            "zone",
            "kinds",
            "vod_base",
            "vod_token",
        ] {
            assert_ne!(of(field), other, "{field}");
        }
        let too_long = |field| unusable(Locale::en, field, "too_long");
        assert_eq!(too_long("name"), "At most 200 bytes.");
        assert_eq!(too_long("allowed_hosts"), "At most 2,000 bytes.");
    }
}
