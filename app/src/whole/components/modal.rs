use leptos::{ev::MouseEvent, html, prelude::*, wasm_bindgen::JsCast as _, web_sys};

/// A dialog above the page: the browser keeps the focus in it, closes it at Escape and gives the focus
/// back. What is in it is made anew each time.
#[component]
pub fn Modal(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is called.
    #[prop(into)]
    label: Signal<&'static str>,
    /// The class of the dialog.
    class: &'static str,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let wanted = open.get();
        let Some(dialog) = dialog.get() else {
            return;
        };
        if wanted && !dialog.open() {
            // It fails only for a dialog that is not on the page.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    // What lies around the dialog belongs to it, what lies in it does not.
    let around = move |event: MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlDialogElement>().ok());
        if target.is_some() {
            open.set(false);
        }
    };
    view! {
        <dialog
            class=class
            aria-label=label
            node_ref=dialog
            on:close=move |_| open.set(false)
            on:click=around
        >
            {move || open.get().then(|| children())}
        </dialog>
    }
}
