//! The app that a page and its links are about.

use leptos::prelude::*;
use reelroom_domain::ids::AppId;

use crate::{error::ApiError, paths, server::optional_id};

/// The app named in the address; empty for the default one. Links within the app carry it. A context of every
/// page.
#[derive(Debug, Clone)]
pub struct CurrentApp(String);

impl CurrentApp {
    /// The app that the address names.
    pub fn new(named: &str) -> Self {
        Self(named.to_owned())
    }

    /// The current app of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// The name in the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id; `None` for the default app. Invalid text gives "not found".
    pub fn id(&self) -> Result<Option<AppId>, ApiError> {
        optional_id(&self.0)
    }

    /// The address of `path` (without a query) in this app.
    pub fn to(&self, path: &str) -> String {
        paths::with_query(path, &[("app", &self.0)])
    }

    /// A hidden field that carries the app through a form.
    pub fn field(&self) -> impl IntoView + use<> {
        let app = self.0.clone();
        (!app.is_empty()).then(|| view! { <input type="hidden" name="app" value=app /> })
    }
}
