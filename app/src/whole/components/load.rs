use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use super::{Arrived, ErrorNote, Skeleton, SkeletonShape};
use crate::{error::ApiError, paths};

/// Shows what a resource holds. Loaded again, it keeps its children, their state and the old content
/// until the new is there; where only the newest is missing, it says so above the old content.
#[component]
pub fn Load<T, V>(
    /// What is loaded.
    from: Resource<Result<T, ApiError>>,
    /// What stands there until then.
    #[prop(optional)]
    skeleton: SkeletonShape,
    /// The page's heading where nothing could be loaded, for pages whose heading comes with it.
    #[prop(optional, into)]
    heading: Option<Signal<String>>,
    /// Shows it.
    children: impl Fn(Signal<T>) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Arrived
            of=from
            fallback=move || {
                view! { <Skeleton shape=skeleton /> }
            }
        >
            {loaded(from, heading, children.clone())}
        </Arrived>
    }
    .into_any()
}

/// What is loaded, and what went wrong.
fn loaded<T, V>(
    from: Resource<Result<T, ApiError>>,
    heading: Option<Signal<String>>,
    children: impl Fn(Signal<T>) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    // The newest that came whole.
    let good = Memo::new(move |before: Option<&Option<T>>| match from.get() {
        Some(Ok(new)) => Some(new),
        Some(Err(error)) if !error.is_passing() => None,
        _ => before.cloned().flatten(),
    });
    let there = Memo::new(move |_| good.with(Option::is_some));
    let error = Memo::new(move |_| from.get().and_then(Result::err));
    let navigate = use_navigate();
    let location = use_location();
    Effect::new(move || {
        if error.get() == Some(ApiError::SignedOut) {
            let here = location.pathname.get_untracked() + &location.search.get_untracked();
            navigate(paths::login(&here).as_str(), NavigateOptions::default());
        }
    });
    let alone = move || heading.filter(|_| !there.get() && error.with(Option::is_some));
    view! {
        {move || alone().map(|heading| view! { <h1 class="sr">{heading}</h1> })}
        {move || error.get().map(|error| view! { <ErrorNote error=error /> })}
        {move || {
            there
                .get()
                .then(|| good.get_untracked())
                .flatten()
                .map(|first| {
                    let current = Memo::new(move |before: Option<&T>| {
                        good.get()
                            .unwrap_or_else(|| before.cloned().unwrap_or_else(|| first.clone()))
                    });
                    // Here the type of the page ends: what stands around it does not repeat it.
                    children(current.into()).into_any()
                })
        }}
    }
    .into_any()
}
