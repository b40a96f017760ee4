//! The rest of the start form, folded away: when it stops, storage path, type, user data.

use leptos::prelude::*;
use reelroom_domain::order::{BadPath, StartForm, USER_DATA_BYTES};

use super::{
    form::is_refused,
    form_state::FormState,
    kind_field::KindField,
    user_data::{DataShape, data_shape, pretty, size_worth_a_word},
};
use crate::{
    error::ApiError,
    i18n::{t, t_string, use_i18n},
    whole::components::{Glyph, Icon, TextArea},
};

/// The fold. It opens by itself where a field in it cannot be sent, and is closed by nobody but the
/// reader: who corrects that field is still in it. `first` is what the fields hold
/// before the page comes to life.
#[component]
pub fn Advanced(
    form: FormState,
    first: StartForm,
    wrong: Signal<Option<ApiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let kind = form.kind;
    let shape = Memo::new(move |_| form.user_data.with(|data| data_shape(data)));
    // Which types there are, only the server knows.
    let bad_kind = Signal::derive(move || {
        wrong.with(|wrong| {
            wrong
                .as_ref()
                .is_some_and(|error| error.problems_of("kind").count() > 0)
        })
    });
    let bad_path = Memo::new(move |_| {
        let refused = is_refused(wrong, "path").then_some(BadPath::TooLong);
        form.bad_path().or(refused)
    });
    let bad_minutes = Signal::derive(move || is_refused(wrong, "stop_after"));
    let bad_data = Signal::derive(move || is_refused(wrong, "user_data"));
    let open = Memo::new(move |was: Option<&bool>| {
        let refused = bad_kind.get() || bad_minutes.get() || bad_data.get();
        was == Some(&true) || refused || bad_path.get().is_some() || !form.wrong_fields().is_empty()
    });
    let summary = move || {
        let data = t_string!(i18n, rooms.form.sum_data, what = shape_word(shape.get()));
        let stop = match form.stop_after.get().trim() {
            "" if form.stop_at_end.get() => t_string!(i18n, rooms.form.sum_stop_end).to_owned(),
            "" => String::new(),
            minutes => t_string!(i18n, rooms.form.sum_stop, n = minutes.to_owned()),
        };
        [stop, form.path.get(), data, kind.get()]
            .into_iter()
            .filter(|part| !part.trim().is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    };
    view! {
        <details class="fold adv" open=move || open.get()>
            <summary>
                <Icon glyph=Glyph::Right />
                {told!(i18n, rooms.form.advanced)}
                <span class="sum trunc">{summary}</span>
            </summary>
            <div class="adv-grid">
                <StopFields first=first.clone() form=form refused=bad_minutes />
                <div class="field">
                    <label class="label" for="path">
                        {told!(i18n, rooms.form.path)}
                        <span class="opt">{told!(i18n, rooms.form.optional)}</span>
                    </label>
                    <input
                        class="input mono"
                        id="path"
                        name="path"
                        value=first.path
                        autocomplete="off"
                        spellcheck="false"
                        aria-describedby="path-hint path-wrong"
                        aria-invalid=move || bad_path.get().map(|_| "true")
                        on:input:target=move |event| form.path.set(event.target().value())
                    />
                    <p class="hint" id="path-hint">
                        {told!(i18n, rooms.form.path_hint)}
                    </p>
                    <div id="path-wrong" aria-live="polite">
                        {move || bad_path.get().map(|bad| wrong_line(path_word(bad)))}
                    </div>
                </div>
                <KindField first=first.kind kind=kind wrong=bad_kind />
                <UserData first=first.user_data form=form shape=shape refused=bad_data />
            </div>
        </details>
    }
}

/// When it stops by itself.
#[component]
fn StopFields(first: StartForm, form: FormState, refused: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let wrong = Memo::new(move |_| form.bad_minutes() || refused.get());
    view! {
        <div class="field">
            <label class="label" for="stop_after">
                {told!(i18n, rooms.form.stop_after)}
                <span class="opt">{told!(i18n, rooms.form.optional)}</span>
            </label>
            <input
                class="input num"
                id="stop_after"
                name="stop_after"
                value=first.stop_after
                inputmode="numeric"
                autocomplete="off"
                aria-describedby="stop-hint stop-wrong"
                aria-invalid=move || wrong.get().then_some("true")
                on:input:target=move |event| form.stop_after.set(event.target().value())
            />
            <p class="hint" id="stop-hint">
                {told!(i18n, rooms.form.stop_hint)}
            </p>
            <div id="stop-wrong" aria-live="polite">
                <Show when=move || wrong.get()>
                    <Wrong>{told!(i18n, rooms.form.stop_wrong)}</Wrong>
                </Show>
            </div>
        </div>
        <div class="field">
            <span class="label">{told!(i18n, rooms.form.stop_end_label)}</span>
            <label class="switch">
                <input
                    type="checkbox"
                    id="stop_at_end"
                    name="stop_at_end"
                    value="yes"
                    checked=first.stop_at_end
                    on:change:target=move |event| form.stop_at_end.set(event.target().checked())
                />
                <i></i>
                {told!(i18n, rooms.form.stop_end)}
            </label>
            <p class="hint">{told!(i18n, rooms.form.stop_end_hint)}</p>
        </div>
    }
}

/// The user's own data, and what becomes of it.
#[component]
fn UserData(
    first: String,
    form: FormState,
    shape: Memo<DataShape>,
    refused: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = form.user_data;
    let wrong = Memo::new(move |_| form.bad_data() || refused.get());
    // Offered in the browser only: without a script nothing would happen.
    let live = RwSignal::new(false);
    Effect::new(move || live.set(true));
    let better = Memo::new(move |_| {
        data.with(|data| pretty(data))
            .filter(|pretty| live.get() && data.with(|data| data != pretty))
    });
    let size = move || {
        let bytes = data.with(String::len);
        size_worth_a_word(bytes)
            .then(|| t_string!(i18n, composer.data.size, n = bytes, most = USER_DATA_BYTES))
    };
    view! {
        <div class="field wide">
            <div class="data-h">
                <label class="label" for="user_data">
                    {told!(i18n, rooms.form.data)}
                    <span class="opt">{move || shape_word(shape.get())}</span>
                </label>
                <span class="hint num" data-over=move || wrong.get().then_some("")>
                    {size}
                </span>
                <Show when=move || better.with(Option::is_some)>
                    <button
                        type="button"
                        class="btn quiet"
                        on:click=move |_| {
                            if let Some(pretty) = better.get_untracked() {
                                data.set(pretty);
                            }
                        }
                    >
                        {told!(i18n, composer.data.format)}
                    </button>
                </Show>
            </div>
            <TextArea
                text=first
                attr:class="input"
                attr:id="user_data"
                attr:name="user_data"
                attr:rows="3"
                attr:spellcheck="false"
                attr:aria-describedby="data-hint"
                attr:aria-invalid=move || wrong.get().then_some("true")
                on:input=move |event| data.set(event_target_value(&event))
            />
            <div id="data-hint" aria-live="polite">
                {move || data_note(shape.get(), wrong.get())}
            </div>
        </div>
    }
}

/// What is wrong with a path.
fn path_word(bad: BadPath) -> &'static str {
    let i18n = use_i18n();
    match bad {
        BadPath::Absolute => t_string!(i18n, composer.path.absolute),
        BadPath::Up => t_string!(i18n, composer.path.up),
        BadPath::Drive => t_string!(i18n, composer.path.drive),
        BadPath::Control => t_string!(i18n, composer.path.control),
        BadPath::TooLong => t_string!(i18n, composer.path.too_long),
    }
}

fn wrong_line(text: &'static str) -> impl IntoView {
    view! { <Wrong>{text}</Wrong> }
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
        return view! { <Wrong>{told!(i18n, rooms.form.data_wrong)}</Wrong> }.into_any();
    }
    match shape {
        DataShape::Broken(line) => view! {
            <p class="lint" data-level="warn">
                <Icon glyph=Glyph::Alert />
                <span>{t!(i18n, rooms.form.data_broken, line)}</span>
            </p>
        }
        .into_any(),
        DataShape::None => {
            view! { <p class="hint">{told!(i18n, rooms.form.data_hint)}</p> }.into_any()
        }
        DataShape::Object(_) => {
            view! { <p class="hint">{told!(i18n, composer.data.object)}</p> }.into_any()
        }
        DataShape::Json => {
            view! { <p class="hint">{told!(i18n, composer.data.json)}</p> }.into_any()
        }
        DataShape::Text => {
            view! { <p class="hint">{told!(i18n, composer.data.text)}</p> }.into_any()
        }
    }
}
