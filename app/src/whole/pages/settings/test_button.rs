use leptos::{ev::MouseEvent, form::FromFormData, prelude::*, server_fn::ServerFn, web_sys};
use wasm_bindgen::JsCast as _;

use crate::{
    i18n::{t_string, use_i18n},
    server_fns::TestApp,
    whole::components::{Glyph, Icon},
};

/// Tests what stands in the form around it, kept or not yet. A plain browser sends the form to the
/// test in place of keeping it.
#[component]
pub fn TestButton(
    /// Does it.
    test: ServerAction<TestApp>,
) -> impl IntoView {
    let i18n = use_i18n();
    let pending = test.pending();
    let ask = move |event: MouseEvent| {
        event.prevent_default();
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|button| button.closest("form").ok().flatten())
            .and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
        let Some(form) = form.filter(|form| form.report_validity() && !pending.get_untracked())
        else {
            return;
        };
        let typed = web_sys::FormData::new_with_form(&form).ok();
        if let Some(typed) = typed.and_then(|typed| TestApp::from_form_data(&typed).ok()) {
            test.dispatch(typed);
        }
    };
    view! {
        <button
            class="btn"
            formaction=TestApp::url()
            aria-disabled=move || pending.get().then_some("true")
            on:click=ask
        >
            <Icon glyph=Glyph::Pulse />
            {move || {
                if pending.get() {
                    t_string!(i18n, apps.testing)
                } else {
                    t_string!(i18n, apps.test)
                }
            }}
        </button>
    }
}
