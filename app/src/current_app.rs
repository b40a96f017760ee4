//! Which app the pages are about: what the address says, and what links go on saying.

use leptos::prelude::*;
use reelroom_domain::ids::AppId;

use crate::{error::ApiError, paths, server::app_named};

/// The app of the address; empty where it names none, and that is the default one. A link that leads on
/// within the app carries it. A context of every page.
#[derive(Debug, Clone)]
pub struct CurrentApp(String);

impl CurrentApp {
    /// The app that the address names.
    pub fn new(named: &str) -> Self {
        Self(named.to_owned())
    }

    /// That of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// What the address says.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its id; `None` for the default one. Text that is no id is an app that is not there.
    pub fn id(&self) -> Result<Option<AppId>, ApiError> {
        app_named(&self.0)
    }

    /// The page at `path` (without a query), in this app.
    pub fn to(&self, path: &str) -> String {
        paths::with_query(path, &[("app", &self.0)])
    }

    /// A field that carries it through a form.
    pub fn field(&self) -> impl IntoView + use<> {
        let app = self.0.clone();
        (!app.is_empty()).then(|| view! { <input type="hidden" name="app" value=app /> })
    }
}
