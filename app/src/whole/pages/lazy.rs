//! The pages as routes whose code the browser loads when somebody first goes there.
//!
//! What stands around every page is loaded at once; what only one page needs is a module of its own,
//! which `xtask site` cuts out of the whole (see `docs/architecture.md`).

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::{
    RecordingPage, SettingsPage,
    rooms::{RoomPage, RoomsPage},
};
use crate::whole::platform;

macro_rules! lazy_page {
    ($name:ident => $page:ident) => {
        #[doc = concat!("[`", stringify!($page), "`].")]
        #[derive(Debug)]
        pub struct $name;

        #[lazy_route]
        impl LazyRoute for $name {
            fn data() -> Self {
                Self
            }

            fn view(this: Self) -> AnyView {
                let $name = this;
                platform::name_modules(stringify!($name));
                view! { <$page /> }.into_any()
            }
        }
    };
}

lazy_page!(Rooms => RoomsPage);
lazy_page!(Room => RoomPage);
lazy_page!(Recording => RecordingPage);
lazy_page!(Settings => SettingsPage);
