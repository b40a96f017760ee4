//! The result of a connection test, in words: the failed step, the cause, and what to do.

use leptos::prelude::*;
use reelroom_domain::app::{ConnectionTest, ListTested, Step};

use crate::{
    components::{Glyph, Icon, time_as},
    i18n::{Locale, td},
    lint_line::{Level, LintLine},
    this_page::locale,
    words::{self, TimeStyle},
};

/// The failed step in a few words, and with the host; and what to do about it.
fn failure(locale: Locale, step: Step, host: &str) -> (&'static str, String, &'static str) {
    macro_rules! of {
        ($step:ident) => {
            (
                say!(locale, apps.short.$step),
                say!(locale, apps.failed.$step, host),
                say!(locale, apps.remedy.$step),
            )
        };
    }
    match step {
        Step::Name => of!(name),
        Step::Connect => of!(connect),
        Step::Tls => of!(tls),
        Step::Answer => of!(answer),
        Step::Platform => of!(platform),
        Step::Accepted => of!(accepted),
        Step::List => of!(list),
        Step::Token => of!(token),
    }
}

/// The result, in the head of an app's card.
pub fn pill(test: &ConnectionTest) -> impl IntoView + use<> {
    let locale = locale();
    let ms = test.millis;
    let (tone, glyph, word) = match &test.failed {
        None => ("ok", Glyph::Check, say!(locale, apps.answers, ms)),
        Some((step, _)) => {
            let (short, ..) = failure(locale, *step, &test.host);
            ("fault", Glyph::Alert, short.to_owned())
        }
    };
    view! { <span class="pill" data-tone=tone><Icon glyph=glyph /><span>{word}</span></span> }
}

/// The result in full, with its time and a note that nothing was started.
#[component]
pub fn TestResult(test: ConnectionTest) -> impl IntoView {
    let locale = locale();
    let (time, host) = (time_as(test.at, TimeStyle::Clock), test.host);
    let Some((step, cause)) = test.failed else {
        let what = match test.list {
            ListTested::Yes => td!(locale, apps.tested_list, host, time).into_any(),
            ListTested::No | ListTested::Busy => td!(locale, apps.tested, host, time).into_any(),
        };
        let busy = (test.list == ListTested::Busy)
            .then(|| view! { <p class="hint">{say!(locale, apps.list_busy)}</p> });
        return view! { <LintLine level=Level::Ok>{what}</LintLine> {busy} }.into_any();
    };
    let (_, failed, remedy) = failure(locale, step, &host);
    view! {
        <div class="tested">
            <LintLine level=Level::Error>
                <b>{failed}</b>
                " "
                {say!(locale, apps.because, cause = words::cause(locale, &cause))}
            </LintLine>
            <p>{remedy}</p>
            <p class="hint">{td!(locale, apps.tested_failed, time)}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_has_its_words_in_both_languages() {
        let steps = [
            Step::Name,
            Step::Connect,
            Step::Tls,
            Step::Answer,
            Step::Platform,
            Step::Accepted,
            Step::List,
            Step::Token,
        ];
        for locale in [Locale::en, Locale::zh_CN] {
            let mut seen = std::collections::HashSet::new();
            for step in steps {
                let (short, failed, remedy) = failure(locale, step, "h");
                for words in [short, &*failed, remedy] {
                    assert!(seen.insert(words.to_owned()), "{step:?}");
                }
            }
        }
    }
}
