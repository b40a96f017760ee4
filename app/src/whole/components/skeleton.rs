use leptos::prelude::*;

/// What is being loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SkeletonShape {
    /// Rows of a list.
    #[default]
    Rows,
    /// A player and a table.
    Player,
    /// A form.
    Form,
}

/// Stands where content will be, in its geometry; appears only when it takes longer than 200 ms.
#[component]
pub fn Skeleton(
    /// Of what.
    #[prop(optional)]
    shape: SkeletonShape,
) -> impl IntoView {
    let (class, lines) = match shape {
        SkeletonShape::Rows => ("skeleton rows", 6),
        SkeletonShape::Player => ("skeleton player-sk", 5),
        SkeletonShape::Form => ("skeleton form-sk", 4),
    };
    view! {
        <div class=class aria-hidden="true">
            {(0..lines).map(|_| view! { <span class="sk"></span> }).collect_view()}
        </div>
    }
}
