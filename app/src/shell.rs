//! The document around the application.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use http::header;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{
    server::add_header,
    start::{PageStart, language_tag},
    whole::app::App,
};

/// Where the browser finds scripts, WebAssembly and style. The build is part of the address, so that
/// a browser never mixes two. Provided by whoever mounts the pages.
#[derive(Debug, Clone)]
pub struct WholeSite {
    /// The id of the build; `/events` says it too.
    pub build: String,
    /// The folder of the files, without a slash at its end.
    pub folder: String,
    /// The files of the folder that each lazy page needs, by the page's name.
    pub modules: Arc<HashMap<String, Vec<String>>>,
}

/// The modules that the head of a page names already. Provided anew for each page.
#[derive(Debug, Clone, Default)]
pub struct NamedModules(Arc<Mutex<HashSet<String>>>);

impl WholeSite {
    /// The site of this build.
    pub fn new(build: &str, modules: HashMap<String, Vec<String>>) -> Self {
        Self {
            build: build.to_owned(),
            folder: format!("/pkg/{build}"),
            modules: Arc::new(modules),
        }
    }

    /// The modules of a lazy page that the head does not name yet; from now on it does.
    pub(crate) fn new_modules(&self, page: &str, named: &NamedModules) -> Vec<String> {
        let mut named = named.0.lock().unwrap_or_else(PoisonError::into_inner);
        let modules = self.modules.get(page).into_iter().flatten();
        modules
            .filter(|name| named.insert((*name).clone()))
            .cloned()
            .collect()
    }
}

/// The id of the last event of `/events` when the page was asked for: the browser reads on from
/// there. Provided by whoever mounts the pages.
#[derive(Debug, Clone)]
pub struct LastEvent(pub String);

/// The whole document. Also sets its content security policy: scripts are ours or carry this page's
/// nonce, styles are in the style sheet.
pub fn shell() -> impl IntoView {
    let start = PageStart::read();
    provide_context(start.clone());
    let WholeSite { build, folder, .. } = expect_context();
    let last_event = use_context::<LastEvent>().map(|event| event.0);
    let nonce = use_nonce();
    if let Some(nonce) = &nonce {
        add_header(header::CONTENT_SECURITY_POLICY, &policy(nonce));
    }
    let style = format!("{folder}/reelroom.css");
    let script = format!("{folder}/reelroom.js");
    let wasm = format!("{folder}/reelroom_bg.wasm");
    let boot = boot(&script, &wasm);
    view! {
        <!DOCTYPE html>
        <html
            lang=language_tag(start.locale)
            data-theme=start.theme.as_str()
            data-zone=start.zone
            data-now=start.now.as_millis().to_string()
            data-build=build
            data-events=last_event
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="same-origin" />
                <meta name="turbo-visit-control" content="reload" />
                <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'%3E%3Ccircle cx='10' cy='10' r='8.25' fill='none' stroke='%231b5fc4' stroke-width='1.75'/%3E%3Cg fill='%231b5fc4'%3E%3Ccircle cx='10' cy='5.9' r='1.85'/%3E%3Ccircle cx='10' cy='14.1' r='1.85'/%3E%3C/g%3E%3C/svg%3E" />
                <link rel="stylesheet" href=style />
                <link rel="modulepreload" href=script />
                <link
                    rel="preload"
                    href=wasm
                    r#as="fetch"
                    r#type="application/wasm"
                    crossorigin="anonymous"
                />
                // Markup: addresses of this build, nothing from outside.
                <script type="module" nonce=nonce inner_html=boot></script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Starts the browser's half.
fn boot(script: &str, wasm: &str) -> String {
    format!(
        "import init,{{hydrate}} from '{script}';\
         await init({{module_or_path:'{wasm}'}});await hydrate();"
    )
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_of_two_pages_is_named_once() {
        let list = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let modules = [("Rooms", list(&["a", "b"])), ("Room", list(&["b", "c"]))];
        let site = WholeSite::new(
            "1",
            modules.map(|(page, names)| (page.to_owned(), names)).into(),
        );
        let named = NamedModules::default();
        assert_eq!(site.new_modules("Rooms", &named), ["a", "b"]);
        assert_eq!(site.new_modules("Room", &named), ["c"]);
        assert_eq!(site.new_modules("Nowhere", &named), [""; 0]);
    }

    #[test]
    fn only_scripts_with_the_nonce_run() {
        let policy = policy("abc");
        assert!(policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline"));
    }

    #[test]
    fn the_browsers_half_is_started_with_this_build() {
        let boot = boot("/pkg/1/a.js", "/pkg/1/a.wasm");
        assert!(boot.contains("from '/pkg/1/a.js'") && boot.contains("'/pkg/1/a.wasm'"));
    }
}
