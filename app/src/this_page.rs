//! Page data for both the server and the islands: the language, and the build of the files.

use crate::i18n::Locale;

#[cfg(feature = "ssr")]
mod side {
    use crate::{document::Site, i18n::Locale, reader::Reader};
    use leptos::prelude::use_context;

    pub fn locale() -> Locale {
        use_context::<Reader>().map_or(Locale::en, |reader| reader.locale)
    }

    pub fn build() -> String {
        use_context::<Site>().map_or_else(String::new, |site| site.build)
    }
}

#[cfg(not(feature = "ssr"))]
mod side {
    use crate::{i18n::Locale, start::locale_of};
    use leptos::prelude::document;

    fn attribute(name: &str) -> Option<String> {
        document().document_element()?.get_attribute(name)
    }

    pub fn locale() -> Locale {
        attribute("lang")
            .and_then(|tag| locale_of(&tag))
            .unwrap_or(Locale::en)
    }

    pub fn build() -> String {
        attribute("data-build").unwrap_or_default()
    }
}

/// The language of the page.
pub fn locale() -> Locale {
    side::locale()
}

/// The address of a file of this build.
pub fn file(name: &str) -> String {
    format!("/pkg/{}/{name}", side::build())
}
