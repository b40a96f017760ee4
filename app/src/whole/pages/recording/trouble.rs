use leptos::prelude::*;
use reelroom_domain::{cause::Cause, file::FileState, view::FileView};

use crate::{
    i18n::{Locale, t, td_string, use_i18n},
    whole::components::{Glyph, Icon, Time},
    words,
};

/// Why there is no copy of a file, in words.
fn said(locale: Locale, state: FileState, cause: Option<&Cause>) -> Option<String> {
    let cause = || {
        cause.map_or_else(
            || td_string!(locale, recording.files.no_cause).to_owned(),
            |cause| words::cause(locale, cause),
        )
    };
    match state {
        FileState::Failed => Some(td_string!(locale, recording.files.failed, cause = cause())),
        FileState::Blocked => Some(td_string!(locale, recording.files.blocked, cause = cause())),
        FileState::Gone => Some(td_string!(locale, recording.files.gone, cause = cause())),
        FileState::Remote | FileState::Fetching | FileState::Archived | FileState::Purged => None,
    }
}

/// What is wrong with a file, and when it is tried again; nothing where nothing is.
#[component]
pub fn Trouble(
    /// The file.
    file: FileView,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = file.state;
    let wrong = said(Locale::en, state, None).is_some();
    wrong.then(move || {
        let text = move || said(i18n.get_locale(), state, file.trouble.as_ref());
        view! {
            <p class="lint" data-level="error">
                <Icon glyph=Glyph::Error />
                <span>
                    {text}
                    {file
                        .next_try_at
                        .map(|at| {
                            view! {
                                ". "
                                {t!(
                                    i18n, recording.files.try_again, time = move || {
                                        view! { <Time at=at /> }
                                    }
                                )}
                            }
                        })}
                </span>
            </p>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_names_its_cause() {
        let said = super::said(Locale::en, FileState::Failed, Some(&Cause::Status(502)));
        assert_eq!(
            said.as_deref(),
            Some("The copy broke off: the answer was HTTP 502")
        );
        assert_eq!(super::said(Locale::en, FileState::Archived, None), None);
        assert!(super::said(Locale::zh_CN, FileState::Gone, None).is_some());
    }
}
