//! The rest of the start form, folded away: when it stops, storage path, type, user data.

use leptos::prelude::*;
use reelroom_domain::order::{BadPath, StartForm, USER_DATA_BYTES};

use super::{
    form_state::FormState,
    kind_field::{kind_field, unlisted_kind},
    user_data::{DataShape, data_shape, pretty, size_worth_a_word},
};
use crate::{
    icon::{Glyph, Icon},
    lint_line::{Level, LintLine},
    text_area::TextArea,
    this_page::locale,
};

/// The fold, with the initial values of the fields and the types of the app. It opens by itself when a field
/// in it is invalid or the app does not list its type; only the reader closes it.
pub fn advanced(form: FormState, first: StartForm, kinds: Vec<String>) -> impl IntoView {
    let locale = locale();
    let kind = form.kind;
    let shape = Memo::new(move |_| form.user_data.with(|data| data_shape(data)));
    let bad_kind = form.is_refused("kind");
    let listed = kinds.clone();
    let unlisted =
        Memo::new(move |_| (form.kind).with(|kind| unlisted_kind(locale, &listed, kind)));
    let refused_path = form.is_refused("path");
    let bad_path = Memo::new(move |_| {
        let refused = refused_path.get().then_some(BadPath::TooLong);
        form.bad_path().or(refused)
    });
    let bad_minutes = form.is_refused("stop_after");
    let bad_data = form.is_refused("user_data");
    let open = Memo::new(move |was: Option<&bool>| {
        let refused = bad_kind.get() || bad_minutes.get() || bad_data.get();
        let wrong = refused || bad_path.get().is_some() || !form.wrong_fields().is_empty();
        was == Some(&true) || wrong || unlisted.with(Option::is_some)
    });
    let summary = move || {
        let data = say!(locale, rooms.form.sum_data, what = shape_word(shape.get()));
        let stop = match form.stop_after.get().trim() {
            "" if form.stop_at_end.get() => say!(locale, rooms.form.sum_stop_end).to_owned(),
            "" => String::new(),
            minutes => say!(locale, rooms.form.sum_stop, n = minutes.to_owned()),
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
                {say!(locale, rooms.form.advanced)}
                <span class="sum trunc">{summary}</span>
            </summary>
            <div class="adv-grid">
                {stop_fields(&first, form, bad_minutes)}
                <div class="field">
                    <label class="label" for="path">
                        {say!(locale, rooms.form.path)}
                        <span class="opt">{say!(locale, rooms.form.optional)}</span>
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
                    <p class="hint" id="path-hint">{say!(locale, rooms.form.path_hint)}</p>
                    <div id="path-wrong" aria-live="polite">
                        {move || bad_path.get().map(|bad| lint(Level::Error, path_word(bad).to_owned()))}
                    </div>
                </div>
                {kind_field(&kinds, &first.kind, kind, bad_kind, unlisted)}
                {user_data(first.user_data, form, shape, bad_data)}
            </div>
        </details>
    }
}

/// When the recording stops by itself.
fn stop_fields(first: &StartForm, form: FormState, refused: Signal<bool>) -> impl IntoView + use<> {
    let locale = locale();
    let wrong = Memo::new(move |_| form.bad_minutes() || refused.get());
    view! {
        <div class="field">
            <label class="label" for="stop_after">
                {say!(locale, rooms.form.stop_after)}
                <span class="opt">{say!(locale, rooms.form.optional)}</span>
            </label>
            <input
                class="input num"
                id="stop_after"
                name="stop_after"
                value=first.stop_after.clone()
                inputmode="numeric"
                autocomplete="off"
                aria-describedby="stop-hint stop-wrong"
                aria-invalid=move || wrong.get().then_some("true")
                on:input:target=move |event| form.stop_after.set(event.target().value())
            />
            <p class="hint" id="stop-hint">{say!(locale, rooms.form.stop_hint)}</p>
            <div id="stop-wrong" aria-live="polite">
                <Show when=move || wrong.get()>
                    <LintLine level=Level::Error>{say!(locale, rooms.form.stop_wrong)}</LintLine>
                </Show>
            </div>
        </div>
        <div class="field">
            <span class="label">{say!(locale, rooms.form.stop_end_label)}</span>
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
                {say!(locale, rooms.form.stop_end)}
            </label>
            <p class="hint">{say!(locale, rooms.form.stop_end_hint)}</p>
        </div>
    }
}

/// The user data, and how it is sent.
fn user_data(
    first: String,
    form: FormState,
    shape: Memo<DataShape>,
    refused: Signal<bool>,
) -> impl IntoView {
    let locale = locale();
    let data = form.user_data;
    let wrong = Memo::new(move |_| form.bad_data() || refused.get());
    // Rendered in the browser only, because the button needs a script.
    let live = RwSignal::new(false);
    Effect::new(move || live.set(true));
    let better = Memo::new(move |_| {
        data.with(|data| pretty(data))
            .filter(|pretty| live.get() && data.with(|data| data != pretty))
    });
    let size = move || {
        let bytes = data.with(String::len);
        size_worth_a_word(bytes).then(|| {
            say!(
                locale,
                composer.data.size,
                n = bytes,
                most = USER_DATA_BYTES
            )
        })
    };
    view! {
        <div class="field wide">
            <div class="data-h">
                <label class="label" for="user_data">
                    {say!(locale, common.word.user_data)}
                    <span class="opt">{move || shape_word(shape.get())}</span>
                </label>
                <span class="hint num" data-over=move || wrong.get().then_some("")>{size}</span>
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
                        {say!(locale, composer.data.format)}
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

/// The problem with a path.
fn path_word(bad: BadPath) -> &'static str {
    let locale = locale();
    match bad {
        BadPath::Absolute => say!(locale, composer.path.absolute),
        BadPath::Up => say!(locale, composer.path.up),
        BadPath::Drive => say!(locale, composer.path.drive),
        BadPath::Control => say!(locale, composer.path.control),
        BadPath::TooLong => say!(locale, composer.path.too_long),
    }
}

fn lint(level: Level, text: String) -> AnyView {
    view! { <LintLine level=level>{text}</LintLine> }.into_any()
}

/// The kind of the user data, as a word.
fn shape_word(shape: DataShape) -> String {
    let locale = locale();
    match shape {
        DataShape::None => say!(locale, common.word.none).to_owned(),
        DataShape::Object(1) => say!(locale, rooms.form.data_object_single).to_owned(),
        DataShape::Object(n) => say!(locale, rooms.form.data_object, n = n),
        DataShape::Json => say!(locale, common.word.json).to_owned(),
        DataShape::Text | DataShape::Broken(_) => say!(locale, rooms.form.data_text).to_owned(),
    }
}

/// How the user data is sent; a warning if it looks like JSON but is invalid.
fn data_note(shape: DataShape, too_long: bool) -> AnyView {
    let locale = locale();
    let hint = match shape {
        _ if too_long => return lint(Level::Error, say!(locale, rooms.form.data_wrong).to_owned()),
        DataShape::Broken(line) => {
            return lint(Level::Warn, say!(locale, rooms.form.data_broken, line));
        }
        DataShape::None => say!(locale, rooms.form.data_hint),
        DataShape::Object(_) => say!(locale, composer.data.object),
        DataShape::Json => say!(locale, composer.data.json),
        DataShape::Text => say!(locale, composer.data.text),
    };
    view! { <p class="hint">{hint}</p> }.into_any()
}
