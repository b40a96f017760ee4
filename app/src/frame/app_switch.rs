use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::view::{AppView, Shell};

use crate::{
    components::{Glyph, Icon, Menu},
    section::Section,
    server_fns::ChooseApp,
    this_page::locale,
};

/// The current app and, if there are several, a menu of the others.
pub fn app_switch(shell: &Shell, section: Option<Section>) -> AnyView {
    let here = about(&shell.app);
    if shell.apps.len() < 2 {
        return view! { <div class="appswitch"><span>{here}</span></div> }.into_any();
    }
    let menu = app_menu(shell, section);
    let button = view! {
        <span>{here}</span>
        <Icon glyph=Glyph::Updown />
        <span class="sr">{say!(locale(), apps.switch)}</span>
    };
    view! {
        <Menu id="app-switch" class="drop switch-app" button_class="appswitch" button=button.into_any()>
            {menu}
        </Menu>
    }
    .into_any()
}

/// The apps to choose from. Each leads to the first page of the current section.
pub fn app_menu(shell: &Shell, section: Option<Section>) -> impl IntoView + use<> {
    let choice = |app: &AppView| {
        let chosen = app.id == shell.app.id;
        view! {
            <button name="app" value=app.id.to_string() aria-current=chosen.then_some("true")>
                <span>{about(app)}</span>
                {chosen.then(|| view! { <Icon glyph=Glyph::Check /> })}
            </button>
        }
    };
    view! {
        <form method="post" action=ChooseApp::url() data-closes="">
            <input type="hidden" name="next" value=section.map_or("/", Section::top) />
            {shell.apps.iter().map(choice).collect_view()}
        </form>
    }
}

/// The name of an app, and what distinguishes it from another app of the same name.
fn about(app: &AppView) -> impl IntoView + use<> {
    let locale = locale();
    let what = if app.sandbox {
        say!(locale, common.nav.sandbox).into_any()
    } else {
        view! {
            {say!(locale, common.nav.app_id)}
            " "
            <span class="mono">{app.masked_id.clone()}</span>
        }
        .into_any()
    };
    view! {
        <b class="trunc">{app.name.clone()}</b>
        <small>{what}</small>
    }
}
