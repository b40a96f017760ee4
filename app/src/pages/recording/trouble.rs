use leptos::prelude::*;
use reelroom_domain::{file::FileState, view::FileView};

use crate::{
    components::{Glyph, Icon, Time},
    i18n::{Locale, t, td_string, use_i18n},
};

/// Why there is no copy of a file, in words.
fn words(locale: Locale, state: FileState, cause: Option<&str>) -> Option<String> {
    let cause = || {
        cause.map_or_else(
            || td_string!(locale, recording.files.no_cause).to_owned(),
            ToOwned::to_owned,
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
    let wrong = words(Locale::en, state, None).is_some();
    wrong.then(move || {
        let said = move || words(i18n.get_locale(), state, file.trouble.as_deref());
        view! {
            <p class="lint" data-level="error">
                <Icon glyph=Glyph::Error />
                <span>
                    {said}
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
        let said = words(Locale::en, FileState::Failed, Some("HTTP 502"));
        assert_eq!(said.as_deref(), Some("The copy broke off: HTTP 502"));
        assert_eq!(words(Locale::en, FileState::Archived, None), None);
        assert!(words(Locale::zh_CN, FileState::Gone, None).is_some());
    }
}
