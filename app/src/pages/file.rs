//! The page in place of a file that was not opened.

use axum::response::Response;
use leptos::prelude::*;
use reelroom_domain::{cause::Cause, ids::FileId};
use reelroom_service::{OpenFileError, Principal, ServiceError};

use crate::{
    components::Banner,
    error::ApiError,
    paths,
    visit::{OpenVisit, Page},
    words,
};

/// Why the file was not opened, and the way back to its recording. No scripts: they would load the address
/// again to refresh the page.
pub async fn file_refused(
    visit: OpenVisit,
    by: &Principal,
    id: Option<FileId>,
    error: OpenFileError,
) -> Response {
    let locale = visit.reader.locale;
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
        OpenFileError::Gone => {
            let then = say!(locale, recording.refused_file.gone_then);
            Ok((say!(locale, recording.refused_file.gone), then.to_owned()))
        }
        OpenFileError::Demo => {
            let then = say!(locale, recording.refused_file.demo_then);
            Ok((say!(locale, recording.refused_file.demo), then.to_owned()))
        }
        OpenFileError::Platform(_) => {
            let then = say!(locale, recording.refused_file.platform_then);
            let title = say!(locale, recording.refused_file.platform);
            Ok((title, then.to_owned()))
        }
        OpenFileError::NotFound
        | OpenFileError::NoneArchived
        | OpenFileError::TooMany
        | OpenFileError::Range(_)
        | OpenFileError::Service(ServiceError::NotFound) => Err(ApiError::NotFound),
        OpenFileError::Service(ServiceError::Forbidden) => Err(ApiError::Forbidden),
        OpenFileError::Service(ServiceError::InTrash) => Err(ApiError::InTrash),
        OpenFileError::Service(_) => Err(ApiError::Unavailable),
    };
    let recording = match id {
        Some(id) => visit.service.recording_of(by, id).await.ok(),
        None => None,
    };
    visit.answer(texts, |(title, then)| {
        let word = say!(locale, recording.refused_file.back);
        let back = recording.map(|id| {
            view! {
                <div class="btns">
                    <a class="btn primary" href=paths::recording(id)>{word}</a>
                </div>
            }
        });
        let main = view! {
            <main class="sheet alone" id="content">
                <h1 class="sr">{title}</h1>
                <Banner title=title focus=true>
                    <p>{then}</p>
                    {back}
                </Banner>
            </main>
        };
        Page::new(title, main)
    })
}
