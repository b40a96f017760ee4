//! Title, tags and notes of the recording, and whether the reader has seen it. The form replaces the values that it
//! changes.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    about::{AboutView, Notes, RecordingTitle, Tag},
    find::Count,
    ids::RecordingId,
    view::RecordingView,
    visible::visible_line,
};

use super::{beside, notes};
use crate::{
    components::{ErrorNote, FieldNote, Glyph, Icon, IconLink, TextArea, action_form, time},
    current_app::CurrentApp,
    error::ApiError,
    form::{failed, is_long},
    i18n::{Locale, td},
    paths,
    query::Query,
    server_fns::{DescribeRecording, MarkUnseen},
    this_page::locale,
    visit::Visit,
    words,
};

/// The id of the form, which has fields in the head of the page, too.
const FORM: &str = "about-form";
/// The limits of `Tags` for a browser: at most 20 between commas, each of at most 40 characters.
const TAGS: &str = r"[\s,，]*([^\s,，]([^,，]{0,38}[^\s,，])?\s*([,，][\s,，]*|$)){0,20}";

/// Title, tags and notes of a recording.
pub struct About {
    id: RecordingId,
    view: AboutView,
    /// The tags to suggest, if the form is open.
    form: Option<Vec<(Tag, Count)>>,
}

impl About {
    /// The title, or else the name of the room.
    pub fn name(&self, recording: &RecordingView) -> String {
        let title = self.heading();
        title.unwrap_or_else(|| recording.row.room_name().to_owned())
    }

    /// The title, if there is one.
    pub fn heading(&self) -> Option<String> {
        let title = self.view.about.title.as_str();
        (!title.is_empty()).then(|| visible_line(title, RecordingTitle::LONGEST))
    }

    /// Whether the form is open.
    pub const fn is_open(&self) -> bool {
        self.form.is_some()
    }
}

/// Loads it. A person who opens the page has seen the recording, unless it was just marked as not seen.
pub async fn load(visit: &Visit, id: RecordingId) -> Result<About, ApiError> {
    let Visit { service, me, .. } = visit;
    let mut view = service.about(me, id).await?;
    let is_opened = visit.is_opened && visit.query.get("seen") != "no";
    if is_opened && view.seen_at.is_none() && service.mark_opened(me, id).await {
        view.seen_at = Some(visit.reader.now);
    }
    let is_open = view.may_change && !visit.query.get("edit").is_empty();
    let form = if is_open {
        Some(service.suggest_tags(me, id, "").await?)
    } else {
        None
    };
    Ok(About { id, view, form })
}

/// This page, with its list, with what is played and these parameters.
fn here(id: RecordingId, query: &[(&str, &str)]) -> String {
    let now: Query = expect_context();
    let page = CurrentApp::expect().to(&beside::here(id));
    let page = paths::with_query(&page, &[("play", now.get("play")), ("t", now.get("t"))]);
    paths::with_query(&page, query)
}

/// The value of a field: as typed before the form was refused, else as stored. An address carries no long text.
fn value(field: &str, stored: String) -> String {
    let query: Query = expect_context();
    if failed::<DescribeRecording>().is_none() || is_long(&query, field) {
        return stored;
    }
    query.get(field).to_owned()
}

/// The problem with a field.
fn wrong(locale: Locale, field: &str) -> Option<&'static str> {
    let error = failed::<DescribeRecording>()?;
    let code = error.problem_of(field)?;
    sentence(locale, code)
}

fn sentence(locale: Locale, code: &str) -> Option<&'static str> {
    Some(match code {
        "not_a_title" => say!(locale, recording.about.title_wrong),
        "not_a_tag" => say!(locale, recording.about.tag_wrong),
        "too_many" => say!(locale, recording.about.tags_many),
        "not_notes" => say!(locale, recording.about.notes_wrong),
        _ => return None,
    })
}

/// The field of the title, in place of the heading.
pub fn title_field(of: &About, recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let stored = of.view.about.title.as_str().to_owned();
    let wrong = wrong(locale, "title");
    view! {
        <div class="title-edit">
            <h1 class="sr">{of.name(recording)}</h1>
            <input
                class="input"
                form=FORM
                name="title"
                value=value("title", stored)
                maxlength=RecordingTitle::LONGEST.to_string()
                placeholder=recording.row.room_name().to_owned()
                autocomplete="off"
                aria-label=say!(locale, common.word.title)
                aria-describedby="title-note"
                aria-invalid=wrong.map(|_| "true")
                autofocus
            />
            <FieldNote id="title-note" wrong=wrong />
        </div>
    }
}

/// Tags, notes, and whether the reader has seen the recording.
pub fn sections(of: &About) -> impl IntoView + use<> {
    let error = failed::<DescribeRecording>().or_else(failed::<MarkUnseen>);
    let error = error.and_then(ApiError::of_no_field);
    let error = error.map(|error| view! { <section><ErrorNote error=error /></section> });
    view! { {error} {tags(of)} {notes(of)} {seen(of)} }
}

fn tags(of: &About) -> impl IntoView + use<> {
    let locale = locale();
    let edit = (of.view.may_change && !of.is_open()).then(|| {
        view! {
            <IconLink
                href=here(of.id, &[("edit", "1")])
                glyph=Glyph::Pencil
                word=say!(locale, recording.about.edit)
                attr:data-key="e"
            />
        }
    });
    let tags = of.view.about.tags.as_slice();
    let shown = match &of.form {
        Some(suggested) => tags_field(of, suggested).into_any(),
        None if tags.is_empty() => {
            view! { <p class="muted">{say!(locale, recording.about.no_tags)}</p> }.into_any()
        }
        None => {
            let tags = tags.iter().map(tag).collect_view();
            view! { <ul class="tag-list">{tags}</ul> }.into_any()
        }
    };
    view! {
        <section aria-labelledby="tags-h">
            <h2 id="tags-h">{say!(locale, common.word.tags)} {edit}</h2>
            {shown}
        </section>
    }
}

/// A tag, which leads to the recordings that have it.
fn tag(tag: &Tag) -> impl IntoView + use<> {
    let href = paths::tagged(CurrentApp::expect().as_str(), tag);
    view! {
        <li>
            <a class="tag" href=href>
                <bdi class="trunc">{visible_line(tag.as_str(), Tag::LONGEST)}</bdi>
            </a>
        </li>
    }
}

/// The field of the tags. Each suggestion is the tags that are there and one more (see `tags.js`).
fn tags_field(of: &About, suggested: &[(Tag, Count)]) -> impl IntoView + use<> {
    let locale = locale();
    let stored = of.view.about.tags.to_string();
    let separator = if stored.is_empty() { "" } else { ", " };
    let known = of.view.about.tags.as_slice();
    let new = suggested.iter().filter(|(tag, _)| !known.contains(tag));
    let option = |(tag, count): &(Tag, Count)| {
        let value = format!("{stored}{separator}{}", tag.as_str());
        view! { <option value=value>{words::tag_count(tag, *count)}</option> }
    };
    let options = new.map(option).collect_view();
    let wrong = wrong(locale, "tags");
    let hint = say!(locale, recording.about.tags_hint);
    view! {
        <input
            class="input"
            form=FORM
            name="tags"
            value=value("tags", stored)
            list="known-tags"
            data-tags=of.id.to_string()
            pattern=TAGS
            title=hint
            autocomplete="off"
            autocapitalize="none"
            aria-labelledby="tags-h"
            aria-describedby="tags-note"
            aria-invalid=wrong.map(|_| "true")
        />
        <datalist id="known-tags">{options}</datalist>
        <FieldNote id="tags-note" wrong=wrong hint=hint />
    }
}

fn notes(of: &About) -> impl IntoView + use<> {
    let locale = locale();
    let notes = &of.view.about.notes;
    let is_shown = !of.is_open() && !notes.as_str().is_empty();
    let last_changed = of.view.noted.clone().filter(|_| is_shown);
    let last_changed = last_changed.map(|(at, name)| {
        let name = visible_line(&name, 64);
        let time = time(at);
        view! { <span>{td!(locale, common.by_at, name, time)}</span> }
    });
    let shown = if of.is_open() {
        form(of, notes).into_any()
    } else if is_shown {
        notes::text(notes.as_str()).into_any()
    } else {
        view! { <p class="muted">{say!(locale, recording.about.no_notes)}</p> }.into_any()
    };
    view! {
        <section aria-labelledby="notes-h">
            <h2 id="notes-h">{say!(locale, recording.about.notes)} {last_changed}</h2>
            {shown}
        </section>
    }
}

/// The form, with the field of the notes. Escape follows its link, and Ctrl or ⌘ with Enter sends it (`keys.js`).
fn form(of: &About, notes: &Notes) -> impl IntoView + use<> {
    let locale = locale();
    let wrong = wrong(locale, "notes");
    let save = say!(locale, common.action.save);
    view! {
        <form method="post" action=DescribeRecording::url() id=FORM class="about-form" data-edit="">
            <input type="hidden" name="id" value=of.id.to_string() />
            <TextArea
                text=value("notes", notes.as_str().to_owned())
                attr:class="input"
                attr:name="notes"
                attr:rows="6"
                attr:maxlength=Notes::LONGEST.to_string()
                attr:aria-labelledby="notes-h"
                attr:aria-describedby="notes-note"
                attr:aria-invalid=wrong.map(|_| "true")
            />
            <FieldNote
                id="notes-note"
                wrong=wrong
                hint=say!(locale, recording.about.notes_hint)
            />
            <div class="btns">
                <a class="btn" href=here(of.id, &[]) data-key="Escape">
                    {say!(locale, recording.about.discard)}
                    <kbd class="scripted" aria-hidden="true">"Esc"</kbd>
                </a>
                <button class="btn primary" data-keys="Ctrl Enter" data-does=save>
                    {save}
                    <kbd class="scripted" aria-hidden="true">"Ctrl ↵"</kbd>
                </button>
            </div>
        </form>
    }
}

/// When the reader opened the recording first. Others are in the history of access.
fn seen(of: &About) -> impl IntoView + use<> {
    let locale = locale();
    let icon = view! { <Icon glyph=Glyph::Eye /> };
    let text = of.view.seen_at.map_or_else(
        || say!(locale, recording.about.not_seen).into_any(),
        |at| {
            let time = time(at);
            td!(locale, recording.about.seen_at, time).into_any()
        },
    );
    let action = if of.view.seen_at.is_some() {
        let word = (icon, say!(locale, recording.about.mark_unseen));
        action_form::<MarkUnseen>(of.id.to_string(), "btn quiet", word).into_any()
    } else {
        view! {
            <a class="btn quiet" href=here(of.id, &[])>
                {icon} {say!(locale, recording.about.mark_seen)}
            </a>
        }
        .into_any()
    };
    view! {
        <section class="seen" aria-labelledby="seen-h">
            <h2 id="seen-h">{say!(locale, recording.about.seen)}</h2>
            <p>{text}</p>
            {action}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_has_its_sentence() {
        for code in ["not_a_title", "not_a_tag", "too_many", "not_notes"] {
            for locale in [Locale::en, Locale::zh_CN] {
                assert!(sentence(locale, code).is_some(), "{code}");
            }
        }
        assert_eq!(sentence(Locale::en, "else"), None);
    }
}
