//! The page in place of a file or an archive that was not opened.

use axum::response::Response;
use leptos::prelude::*;
use reelroom_domain::{cause::Cause, ids::FileId};
use reelroom_service::{OpenFileError, Principal, ServiceError};

use crate::{
    components::{Banner, way_on},
    error::ApiError,
    paths,
    visit::{OpenVisit, Page},
    words,
};

/// Why the file or the archive was not opened, and the way back to its recording or the library. No scripts: they would
/// load the address again to refresh the page.
pub async fn file_refused(
    visit: OpenVisit,
    by: &Principal,
    id: Option<FileId>,
    error: OpenFileError,
) -> Response {
    let locale = visit.reader.locale;
    let fixed = |title, then: &str| Ok((title, then.to_owned()));
    let texts = match error {
        OpenFileError::Blocked(cause) => {
            let remedy = match &cause {
                cause if cause.can_be_allowed() => say!(locale, recording.refused_file.can_allow),
                Cause::NeverAllowed(_) => say!(locale, recording.refused_file.loopback),
                _ => say!(locale, recording.refused_file.cannot_allow),
            };
            let cause = words::cause(locale, &cause);
            let then = say!(locale, recording.refused_file.blocked_then, cause, remedy);
            Ok((say!(locale, recording.refused_file.blocked), then))
        }
        OpenFileError::Gone => fixed(
            say!(locale, recording.refused_file.gone),
            say!(locale, recording.refused_file.gone_then),
        ),
        OpenFileError::Demo => fixed(
            say!(locale, recording.refused_file.demo),
            say!(locale, recording.refused_file.demo_then),
        ),
        OpenFileError::NoneArchived => fixed(
            say!(locale, recording.refused_file.none_archived),
            say!(locale, recording.refused_file.none_archived_then),
        ),
        OpenFileError::TooMany => fixed(
            say!(locale, recording.refused_file.too_many),
            say!(locale, recording.refused_file.too_many_then),
        ),
        OpenFileError::Platform(_) => fixed(
            say!(locale, recording.refused_file.platform),
            say!(locale, recording.refused_file.platform_then),
        ),
        OpenFileError::Range(_) | OpenFileError::Service(ServiceError::NotFound) => {
            Err(ApiError::NotFound)
        }
        OpenFileError::Service(ServiceError::Forbidden) => Err(ApiError::Forbidden),
        OpenFileError::Service(ServiceError::InTrash) => Err(ApiError::InTrash),
        OpenFileError::Service(ServiceError::Purged) => Err(ApiError::Purged),
        OpenFileError::Service(_) => Err(ApiError::Unavailable),
    };
    let recording = match id {
        Some(id) => visit.service.recording_of(by, id).await.ok(),
        None => None,
    };
    visit.answer(texts, |(title, then)| {
        let (back, word) = match recording {
            Some(id) => (
                paths::recording(id),
                say!(locale, recording.refused_file.back),
            ),
            None => ("/recordings".to_owned(), say!(locale, views.go)),
        };
        let main = view! {
            <main class="sheet alone" id="content">
                <h1 class="sr">{title}</h1>
                <Banner title=title focus=true>
                    <p>{then}</p>
                    {way_on("btn primary", back, word)}
                </Banner>
            </main>
        };
        Page::new(title, main)
    })
}
