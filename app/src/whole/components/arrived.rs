use leptos::prelude::*;

/// Shows its children once a resource has come, and `fallback` until then; the children stay while it
/// is loaded again.
///
/// They are not even made before. On the server a memo that is computed while its resource comes, on
/// another thread, counts as fresh although it missed it: what depends on it would be absent from the
/// page, and the browser's half would not find what it takes over.
#[component]
pub fn Arrived<T, C>(
    /// The resource.
    of: Resource<T>,
    /// What stands there until then.
    #[prop(optional, into)]
    fallback: ViewFnOnce,
    /// What needs it.
    children: TypedChildren<C>,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    C: IntoView + 'static,
{
    let children = children.into_inner();
    view! {
        <Transition fallback=fallback>
            {Suspend::new(async move {
                of.ready().await;
                children().into_any()
            })}
        </Transition>
    }
    .into_any()
}
