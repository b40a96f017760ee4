//! The files in trouble of a recording.

use leptos::prelude::*;
use reelroom_domain::{ids::RecordingId, trouble::Trouble};

use super::{control::action_form, time::time};
use crate::{
    i18n::td,
    icon::{Glyph, Icon},
    lint_line::{Level, LintLine},
    reader::Reader,
    server_fns::RetryFiles,
    this_page::locale,
    words,
};

/// The files in trouble of a recording, the tries so far, and the time of the next one; for readers who may
/// record, a button that tries them now.
pub fn trouble_note(
    trouble: &Trouble,
    recording: RecordingId,
    may_record: bool,
) -> impl IntoView + use<> {
    let Reader { locale, now, .. } = Reader::expect();
    let counts = words::troubles(locale, trouble, now);
    let next = match trouble.next_try_at {
        _ if trouble.trying > 0 => say!(locale, common.trouble.trying).into_any(),
        Some(at) => td!(locale, common.trouble.next, time = time(at)).into_any(),
        None => say!(locale, common.trouble.no_next).into_any(),
    };
    view! {
        <div class="trouble">
            <LintLine level=Level::Error>{counts}</LintLine>
            <p class="hint">{words::tried(locale, trouble)} " " {next}</p>
            {may_record.then(|| retry_form(recording))}
        </div>
    }
}

/// The form that tries the files in trouble of a recording now.
pub fn retry_form(recording: RecordingId) -> impl IntoView {
    let word = view! { <Icon glyph=Glyph::Refresh /> {say!(locale(), common.trouble.try_now)} };
    action_form::<RetryFiles>(recording.to_string(), "btn", word)
}
