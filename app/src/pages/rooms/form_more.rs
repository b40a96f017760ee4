//! The rest of the start form, folded away: when it stops, storage path, type, user data.

use leptos::prelude::*;
use reelroom_domain::view::StartForm;

use super::{
    kind_field::KindField,
    user_data::{DataShape, data_shape},
};
use crate::{
    components::{Glyph, Icon},
    error::ApiError,
    i18n::{t, t_string, use_i18n},
};

/// The fold. It opens by itself where a field in it cannot be sent.
#[component]
pub fn Advanced(first: StartForm, wrong: Signal<Option<ApiError>>) -> impl IntoView {
    let i18n = use_i18n();
    let path = RwSignal::new(first.path.clone());
    let kind = RwSignal::new(first.kind.clone());
    let data = RwSignal::new(first.user_data.clone());
    let shape = Memo::new(move |_| data.with(|data| data_shape(data)));
    let problem = move |field: &'static str| {
        Signal::derive(move || {
            wrong.with(|wrong| {
                wrong
                    .as_ref()
                    .is_some_and(|error| error.problems_of(field).count() > 0)
            })
        })
    };
    let (bad_path, bad_kind, bad_data) = (problem("path"), problem("kind"), problem("user_data"));
    let bad_stop = problem("stop_after");
    let (after, at_end) = (
        RwSignal::new(first.stop_after.clone()),
        RwSignal::new(first.stop_at_end),
    );
    let open = move || bad_path.get() || bad_kind.get() || bad_data.get() || bad_stop.get();
    let summary = move || {
        let data = t_string!(i18n, rooms.form.sum_data, what = shape_word(shape.get()));
        let stop = match after.get().trim() {
            "" if at_end.get() => t_string!(i18n, rooms.form.sum_stop_end).to_owned(),
            "" => String::new(),
            minutes => t_string!(i18n, rooms.form.sum_stop, n = minutes.to_owned()),
        };
        [stop, path.get(), data, kind.get()]
            .into_iter()
            .filter(|part| !part.trim().is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    };
    view! {
        <details class="fold adv" open=open>
            <summary>
                <Icon glyph=Glyph::Right />
                {say!(i18n, rooms.form.advanced)}
                <span class="sum trunc">{summary}</span>
            </summary>
            <div class="adv-grid">
                <StopFields first=first.clone() after=after at_end=at_end wrong=bad_stop />
                <div class="field">
                    <label class="label" for="path">
                        {say!(i18n, rooms.form.path)}
                        <span class="opt">{say!(i18n, rooms.form.optional)}</span>
                    </label>
                    <input
                        class="input mono"
                        id="path"
                        name="path"
                        value=first.path
                        autocomplete="off"
                        spellcheck="false"
                        aria-describedby="path-hint"
                        aria-invalid=move || bad_path.get().then_some("true")
                        on:input:target=move |event| path.set(event.target().value())
                    />
                    <p class="hint" id="path-hint">
                        {say!(i18n, rooms.form.path_hint)}
                    </p>
                    <Show when=move || bad_path.get()>
                        <Wrong>{say!(i18n, rooms.form.path_wrong)}</Wrong>
                    </Show>
                </div>
                <KindField first=first.kind kind=kind wrong=bad_kind />
                <UserData first=first.user_data data=data shape=shape wrong=bad_data />
            </div>
        </details>
    }
}

/// When it stops by itself.
#[component]
fn StopFields(
    first: StartForm,
    after: RwSignal<String>,
    at_end: RwSignal<bool>,
    wrong: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field">
            <label class="label" for="stop_after">
                {say!(i18n, rooms.form.stop_after)}
                <span class="opt">{say!(i18n, rooms.form.optional)}</span>
            </label>
            <input
                class="input num"
                id="stop_after"
                name="stop_after"
                value=first.stop_after
                inputmode="numeric"
                autocomplete="off"
                aria-describedby="stop-hint"
                aria-invalid=move || wrong.get().then_some("true")
                on:input:target=move |event| after.set(event.target().value())
            />
            <p class="hint" id="stop-hint">
                {say!(i18n, rooms.form.stop_hint)}
            </p>
            <Show when=move || wrong.get()>
                <Wrong>{say!(i18n, rooms.form.stop_wrong)}</Wrong>
            </Show>
        </div>
        <div class="field">
            <span class="label">{say!(i18n, rooms.form.stop_end_label)}</span>
            <label class="switch">
                <input
                    type="checkbox"
                    name="stop_at_end"
                    value="yes"
                    checked=first.stop_at_end
                    on:change:target=move |event| at_end.set(event.target().checked())
                />
                <i></i>
                {say!(i18n, rooms.form.stop_end)}
            </label>
            <p class="hint">{say!(i18n, rooms.form.stop_end_hint)}</p>
        </div>
    }
}

/// The user's own data, and what becomes of it.
#[component]
fn UserData(
    first: String,
    data: RwSignal<String>,
    shape: Memo<DataShape>,
    wrong: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field wide">
            <label class="label" for="user_data">
                {say!(i18n, rooms.form.data)}
                <span class="opt">{move || shape_word(shape.get())}</span>
            </label>
            <textarea
                class="input"
                id="user_data"
                name="user_data"
                rows="3"
                spellcheck="false"
                aria-describedby="data-hint"
                aria-invalid=move || wrong.get().then_some("true")
                on:input:target=move |event| data.set(event.target().value())
            >
                {first}
            </textarea>
            <div id="data-hint" aria-live="polite">
                {move || data_note(shape.get(), wrong.get())}
            </div>
        </div>
    }
}

/// A mistake, at its field.
#[component]
pub fn Wrong(children: Children) -> impl IntoView {
    view! {
        <p class="lint" data-level="error">
            <Icon glyph=Glyph::Error />
            <span>{children()}</span>
        </p>
    }
}

/// What the user data is, in a word.
fn shape_word(shape: DataShape) -> String {
    let i18n = use_i18n();
    match shape {
        DataShape::None => t_string!(i18n, rooms.form.data_none).to_owned(),
        DataShape::Object(1) => t_string!(i18n, rooms.form.data_object_single).to_owned(),
        DataShape::Object(n) => t_string!(i18n, rooms.form.data_object, n = n),
        DataShape::Json => t_string!(i18n, rooms.form.data_json).to_owned(),
        DataShape::Text | DataShape::Broken(_) => t_string!(i18n, rooms.form.data_text).to_owned(),
    }
}

/// What becomes of the user data; a warning where it looks like JSON and is none.
fn data_note(shape: DataShape, too_long: bool) -> AnyView {
    let i18n = use_i18n();
    if too_long {
        return view! { <Wrong>{say!(i18n, rooms.form.data_wrong)}</Wrong> }.into_any();
    }
    match shape {
        DataShape::Broken(line) => view! {
            <p class="lint" data-level="warn">
                <Icon glyph=Glyph::Alert />
                <span>{t!(i18n, rooms.form.data_broken, line)}</span>
            </p>
        }
        .into_any(),
        _ => view! { <p class="hint">{say!(i18n, rooms.form.data_hint)}</p> }.into_any(),
    }
}
