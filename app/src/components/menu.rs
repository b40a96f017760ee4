use leptos::prelude::*;

/// A button and the popover that it opens. Escape and a click elsewhere close it; a form in it with
/// `data-closes` closes it once it succeeds.
#[component]
pub fn Menu(
    /// The id of the popover.
    id: &'static str,
    /// Class names of the element around both.
    class: &'static str,
    /// Class names of the button.
    button_class: &'static str,
    /// The content of the button.
    button: AnyView,
    /// The name of a button without text.
    #[prop(optional)]
    label: Option<&'static str>,
    /// Shows the content from the start, without a script too: a form in it was rejected.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=class>
            <button type="button" class=button_class aria-label=label popovertarget=id>
                {button}
            </button>
            <div class="menu" id=id popover=(!open).then_some("auto") data-open=open.then_some("")>
                {children()}
            </div>
        </div>
    }
}
