//! The routes, and what every page stands in.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    Lazy, SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    i18n::I18nSubContextProvider,
    start::PageStart,
    whole::action::provide_address,
    whole::clock::ServerClock,
    whole::components::{FollowLanguage, Frame, ProductTitle},
    whole::live::Changes,
    whole::pages::{NotFoundPage, lazy, rooms::NoRoom},
    whole::zone::Zone,
};

/// The application. What it starts with is the same on both sides (see [`PageStart`]), so that the
/// browser finds the page as the server made it.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let start = PageStart::read();
    provide_context(Zone::new(start.zone));
    let clock = ServerClock::new(start.now);
    provide_context(clock);
    Effect::new(move || clock.run());
    provide_context(Changes::new());
    provide_context(RwSignal::new(start.theme));
    let locale = Signal::stored(start.locale);
    view! {
        <I18nSubContextProvider initial_locale=locale>
            <FollowLanguage />
            <ProductTitle />
            <Router>
                {provide_address()}
                <Routes fallback=NotFoundPage>
                    <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                        <ParentRoute path=path!("") view={Lazy::<lazy::Rooms>::new()} ssr=SsrMode::Async>
                            <Route path=path!("") view=NoRoom ssr=SsrMode::Async />
                            <Route path=path!("/rooms/:room") view={Lazy::<lazy::Room>::new()} ssr=SsrMode::Async />
                        </ParentRoute>
                        <Route
                            path=path!("/recordings/:id")
                            view={Lazy::<lazy::Recording>::new()}
                            ssr=SsrMode::Async
                        />
                        <Route path=path!("/settings") view={Lazy::<lazy::Settings>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/settings/apps") view={Lazy::<lazy::Settings>::new()} ssr=SsrMode::Async />
                    </ParentRoute>
                </Routes>
            </Router>
        </I18nSubContextProvider>
    }
}
