//! The title, tags and notes of recordings, and whether people have seen them. Plain forms return to the page of the
//! recording.

use leptos::prelude::*;
use reelroom_domain::{
    about::{AboutForm, AboutProblem},
    ids::RecordingId,
};
use reelroom_service::AboutError;

use super::keep::one;
use crate::{
    error::{ApiError, Problem},
    form::without_error,
    paths::{self, LocalAddress},
    server::{answer_form, browser, form_page, id_named, principal, service},
    words,
};

/// Saves the title, the tags (between commas) and the notes of a recording, all as typed.
#[server(prefix = "/fn", endpoint = "describe_recording")]
pub async fn describe_recording(
    id: String,
    #[server(default)] title: String,
    #[server(default)] tags: String,
    #[server(default)] notes: String,
) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let form = AboutForm { title, tags, notes };
    let answer = service().set_about(&me, &browser(), id, &form).await;
    let page = page_of(id);
    let failed = page.with(&[("edit", "1")]);
    let typed = [
        ("title", form.title.as_str()),
        ("tags", form.tags.as_str()),
        ("notes", form.notes.as_str()),
    ];
    answer_form::<DescribeRecording, _>(answer, &page, &failed, &typed)
}

/// Marks a recording as not seen by the account.
#[server(prefix = "/fn", endpoint = "mark_unseen")]
pub async fn mark_unseen(id: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = one(service().set_seen(&me, &[id], false).await, id);
    let page = page_of(id);
    answer_form::<MarkUnseen, _>(answer, &page.with(&[("seen", "no")]), &page, &[])
}

/// Tags that contain `q`, for a recording; each with a label that says how many recordings have it.
#[server(prefix = "/fn", endpoint = "suggest_tags")]
pub async fn suggest_tags(
    id: String,
    #[server(default)] q: String,
) -> Result<Vec<(String, String)>, ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let found = service().suggest_tags(&me, id, &q).await?.into_iter();
    Ok(found
        .map(|(tag, count)| (tag.as_str().to_owned(), words::tag_count(&tag, count)))
        .collect())
}

/// The page of a recording, with its list and with what is played.
fn page_of(id: RecordingId) -> LocalAddress {
    let page = LocalAddress::or_home(&paths::recording(id));
    let form = form_page().filter(|form| form.path() == page.path());
    let of_forms = ["edit", "seen", "title", "tags", "notes"];
    form.map_or(page, |form| without_error(&form).without(&of_forms))
}

impl From<AboutError> for ApiError {
    fn from(error: AboutError) -> Self {
        match error {
            AboutError::Invalid(problems) => {
                let problems = problems.into_iter().map(problem).collect();
                Self::Invalid { problems }
            }
            AboutError::Service(error) => error.into(),
        }
    }
}

fn problem(problem: AboutProblem) -> Problem {
    let (field, code) = match problem {
        AboutProblem::Title => ("title", "not_a_title"),
        AboutProblem::Tag => ("tags", "not_a_tag"),
        AboutProblem::TooManyTags => ("tags", "too_many"),
        AboutProblem::Notes => ("notes", "not_notes"),
    };
    Problem::new(field, code)
}
