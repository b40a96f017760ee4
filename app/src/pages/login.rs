//! `/login`: sign in, or set up the first administrator.

mod lanes;
mod password;
mod set_up_form;
mod sign_in_form;

use leptos::prelude::*;

use self::{lanes::Lanes, set_up_form::SetUpForm, sign_in_form::SignInForm};
use crate::{
    components::{Glyph, Icon, LanguageChoice, Load, PageTitle, SkeletonShape},
    i18n::{t, use_i18n},
    server_fns::needs_set_up,
};

/// The door.
#[component]
pub fn LoginPage() -> impl IntoView {
    let i18n = use_i18n();
    let first = Resource::new(|| (), |()| needs_set_up());
    view! {
        <PageTitle text=say!(i18n, login.title) />
        <main class="door">
            <div class="pane">
                <span class="brand">
                    <Icon glyph=Glyph::Brand />
                    {say!(i18n, common.product)}
                </span>
                <div class="door-form">
                    <Load from=first skeleton=SkeletonShape::Form let:first>
                        {move || {
                            if first.get() {
                                view! { <SetUpForm /> }.into_any()
                            } else {
                                view! { <SignInForm /> }.into_any()
                            }
                        }}
                    </Load>
                </div>
                <footer>
                    <span>
                        {t!(i18n, login.version, version = env!("CARGO_PKG_VERSION"))}
                    </span>
                    <LanguageChoice />
                </footer>
            </div>
            <Lanes />
        </main>
    }
    .into_any()
}
