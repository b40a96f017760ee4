//! Controls: buttons, menus, and small forms.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::search::SearchText;

use crate::{
    current_app::CurrentApp,
    i18n::Locale,
    icon::{Glyph, Icon},
    server_fns::SetLanguage,
    start::language_tag,
    this_page::locale,
};

/// A button that copies a text and confirms it (`copy.js`). Rendered for scripts only: the text itself is
/// shown next to it and can be selected.
#[component]
pub fn CopyButton(
    /// The text to copy.
    #[prop(into)]
    text: String,
    /// The accessible name, where the word "Copy" alone is ambiguous.
    #[prop(optional)]
    label: Option<&'static str>,
) -> impl IntoView {
    let locale = locale();
    view! {
        <copy-button class="scripted" text=text done=say!(locale, common.action.copied)>
            <button type="button" class="btn quiet" aria-label=label>
                <Icon glyph=Glyph::Copy />
                <span aria-live="polite">{say!(locale, common.action.copy)}</span>
            </button>
        </copy-button>
    }
}

/// A choice between both languages, each named in itself, and that of the browser.
#[component]
pub fn LanguageChoice(
    /// The tag of the chosen one; empty for that of the browser.
    #[prop(into)]
    chosen: String,
    /// Whether the language of the browser can be chosen.
    #[prop(optional)]
    or_browser: bool,
    /// The page to go back to, where browsers do not name it.
    #[prop(optional, into)]
    next: Option<String>,
) -> impl IntoView {
    let locale = locale();
    let choice = |value: &'static str, word: &'static str| {
        let lang = Some(value).filter(|value| !value.is_empty());
        view! {
            <button
                name="language"
                value=value
                lang=lang
                aria-pressed=(value == chosen).to_string()
            >
                {word}
            </button>
        }
    };
    let next = next.map(|next| view! { <input type="hidden" name="next" value=next /> });
    let browser = or_browser.then(|| choice("", say!(locale, me.look.as_browser)));
    view! {
        <form
            method="post"
            action=SetLanguage::url()
            data-turbo="false"
            class="seg"
            aria-label=say!(locale, common.word.language)
        >
            {next}
            {browser}
            {choice(language_tag(Locale::en), "English")}
            {choice(language_tag(Locale::zh_CN), "中文")}
        </form>
    }
}

/// The title of a folded part of a page, which opens on a click.
pub fn fold_title(word: impl IntoView + 'static) -> impl IntoView {
    view! {
        <summary>
            <Icon glyph=Glyph::Right />
            {word}
        </summary>
    }
}

/// A filter that applies: its subject, its value, and a link that removes it.
pub fn chip(
    name: &'static str,
    value: impl IntoView + 'static,
    title: String,
    href: String,
    remove: impl Into<String>,
) -> impl IntoView {
    let remove: String = remove.into();
    view! {
        <span class="chip on">
            {name}
            " "
            <b class="trunc" title=title>
                {value}
            </b>
            <a class="chip-x" href=href aria-label=remove>
                <Icon glyph=Glyph::X />
            </a>
        </span>
    }
}

/// Hidden fields of a form; none for empty values.
pub fn hidden<'a>(fields: impl IntoIterator<Item = (&'static str, &'a str)>) -> AnyView {
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let field = |(name, value): (&'static str, &str)| {
        view! { <input type="hidden" name=name value=value.to_owned() /> }
    };
    fields.map(field).collect_view().into_any()
}

/// The link to the page above this one, and the mark between it and the title.
pub fn crumb(href: String, word: &'static str) -> impl IntoView {
    view! {
        <a class="crumb" href=href>{word}</a>
        <span class="sep" aria-hidden="true"><Icon glyph=Glyph::Right class="i-s" /></span>
    }
}

/// The link that closes a dialog, or leaves a form unchanged. The Escape key follows it.
pub fn back_link(href: String, word: &'static str) -> impl IntoView {
    view! {
        <a class="btn" href=href data-turbo-action="replace" data-key="Escape">
            {word}
        </a>
    }
}

/// A link that looks like a button, with an icon and a word; `class` is of the link.
pub fn icon_link(
    class: &'static str,
    href: String,
    glyph: Glyph,
    word: impl IntoView + 'static,
) -> impl IntoView {
    view! {
        <a class=class href=href>
            <Icon glyph=glyph />
            {word}
        </a>
    }
}

/// The only link of a message or an empty state; `class` is of the link.
pub fn way_on(class: &'static str, href: String, word: impl IntoView + 'static) -> impl IntoView {
    view! {
        <div class="btns">
            <a class=class href=href>{word}</a>
        </div>
    }
}

/// The link that closes a panel.
pub fn close_link(href: String, label: &'static str) -> impl IntoView {
    view! {
        <a class="btn quiet icon" href=href aria-label=label>
            <Icon glyph=Glyph::X />
        </a>
    }
}

/// A link that shows an icon alone, which `word` names; other attributes are passed as `attr:name`.
#[component]
pub fn IconLink(
    #[prop(into)] href: String,
    glyph: Glyph,
    #[prop(into)] word: String,
) -> impl IntoView {
    view! {
        <a class="btn quiet icon" href=href aria-label=word.clone() title=word>
            <Icon glyph=glyph />
        </a>
    }
}

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

/// A form that is one button, for the server function `S` with this `id`. `class` is of the button.
pub fn action_form<S: ServerFn>(
    id: String,
    class: &'static str,
    word: impl IntoView + 'static,
) -> impl IntoView {
    post_form::<S>(hidden([("id", &*id)]), class, word)
}

/// A form for the server function `S` with these hidden fields and one button; `class` is of the button.
pub fn post_form<S: ServerFn>(
    fields: impl IntoView + 'static,
    class: &'static str,
    word: impl IntoView + 'static,
) -> impl IntoView {
    view! {
        <form method="post" action=S::url()>
            {fields}
            <button class=class>{word}</button>
        </form>
    }
}

/// As [`post_form`], with a button that shows an icon alone, which `word` names.
pub fn icon_form<S: ServerFn>(
    fields: impl IntoView + 'static,
    glyph: Glyph,
    word: String,
) -> impl IntoView {
    view! {
        <form method="post" action=S::url()>
            {fields}
            <button class="btn quiet icon" aria-label=word.clone() title=word>
                <Icon glyph=glyph />
            </button>
        </form>
    }
}

/// A checkbox with the look of a switch, whose value is `yes`.
pub fn switch(name: &'static str, is_on: bool, text: &'static str) -> impl IntoView {
    view! {
        <label class="switch">
            <input type="checkbox" name=name value="yes" checked=is_on />
            <i></i>
            {text}
        </label>
    }
}

/// A search form with its query in the address. It searches while a person types (`follow.js`); without
/// scripts it has a button.
#[component]
pub fn SearchForm(
    /// The path of the page.
    #[prop(into)]
    action: String,
    label: &'static str,
    /// The current search text.
    #[prop(into)]
    search: String,
    /// Other fields of the form: hidden fields and filters.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let locale = locale();
    view! {
        <form
            class="filters"
            role="search"
            action=action
            data-follow=""
            data-turbo-action="replace"
        >
            {CurrentApp::expect().field()}
            <label class="search">
                <span class="sr">{label}</span>
                <Icon glyph=Glyph::Search />
                <input
                    class="input"
                    type="search"
                    name="q"
                    id="find"
                    maxlength=SearchText::MAX_BYTES.to_string()
                    placeholder=label
                    value=search
                    data-key="/"
                    data-does=say!(locale, common.action.search)
                />
                <kbd class="scripted" aria-hidden="true">"/"</kbd>
            </label>
            <button class="btn unscripted">{say!(locale, common.action.search)}</button>
            {children.map(|children| children())}
        </form>
    }
}
