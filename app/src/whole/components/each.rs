use std::{collections::HashMap, hash::Hash};

use leptos::prelude::*;

/// Something for each item, in their order. It stays the same element while its item changes, and
/// what it shows of the item comes by a memo: a row that is made anew under the pointer would lose
/// the click, and the focus.
#[component]
pub fn Each<T, K, V>(
    /// The items.
    #[prop(into)]
    of: Signal<Vec<T>>,
    /// What tells one from the others.
    key: fn(&T) -> K,
    /// Shows one.
    children: impl Fn(Memo<T>) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let by_key = Memo::new(move |_| {
        of.with(|items| {
            let items = items.iter().map(|item| (key(item), item.clone()));
            items.collect::<HashMap<_, _>>()
        })
    });
    view! {
        <For
            each=move || of.with(|items| items.iter().map(key).collect::<Vec<_>>())
            key=K::clone
            children=move |key| {
                by_key
                    .with_untracked(|items| items.get(&key).cloned())
                    .map(|first| {
                        children(
                                Memo::new(move |last: Option<&T>| {
                                    // One that has gone is shown as it was until it is taken away.
                                    by_key
                                        .with(|items| items.get(&key).cloned())
                                        .unwrap_or_else(|| last.unwrap_or(&first).clone())
                                }),
                            )
                            .into_any()
                    })
            }
        />
    }
    .into_any()
}
