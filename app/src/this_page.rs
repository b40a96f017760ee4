//! Page data for both the server and the islands: the language, and the build of the files.

#[cfg(feature = "ssr")]
use leptos::prelude::use_context;

use crate::i18n::Locale;
#[cfg(feature = "ssr")]
use crate::{document::Site, reader::Reader};

/// The language of the page.
pub fn locale() -> Locale {
    #[cfg(feature = "ssr")]
    let locale = use_context::<Reader>().map(|reader| reader.locale);
    #[cfg(not(feature = "ssr"))]
    let locale = attribute("lang").and_then(|tag| crate::start::locale_of(&tag));
    locale.unwrap_or(Locale::en)
}

/// The address of a file of this build.
pub fn file(name: &str) -> String {
    #[cfg(feature = "ssr")]
    let build = use_context::<Site>().map(|site| site.build);
    #[cfg(not(feature = "ssr"))]
    let build = attribute("data-build");
    format!("/pkg/{}/{name}", build.unwrap_or_default())
}

/// An attribute of the document's element.
#[cfg(not(feature = "ssr"))]
fn attribute(name: &str) -> Option<String> {
    let root = leptos::prelude::document().document_element()?;
    root.get_attribute(name)
}
