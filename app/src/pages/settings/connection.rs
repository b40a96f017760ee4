//! The result of a connection test, in words: the failed step, the cause, and what to do.

use leptos::prelude::*;
use reelroom_domain::app::{ConnectionTest, ListTested, Step};

use crate::{
    components::{Glyph, Icon, Time},
    i18n::{Locale, td},
    lint_line::{Level, LintLine},
    this_page::locale,
    words::{self, TimeStyle},
};

/// The failed step, in a few words.
fn short(locale: Locale, step: Step) -> &'static str {
    match step {
        Step::Name => say!(locale, apps.short.name),
        Step::Connect => say!(locale, apps.short.connect),
        Step::Tls => say!(locale, apps.short.tls),
        Step::Answer => say!(locale, apps.short.answer),
        Step::Platform => say!(locale, apps.short.platform),
        Step::Accepted => say!(locale, apps.short.accepted),
        Step::List => say!(locale, apps.short.list),
        Step::Token => say!(locale, apps.short.token),
    }
}

/// The failed step, with the host.
fn failure(locale: Locale, step: Step, host: String) -> String {
    match step {
        Step::Name => say!(locale, apps.failed.name, host = host),
        Step::Connect => say!(locale, apps.failed.connect, host = host),
        Step::Tls => say!(locale, apps.failed.tls, host = host),
        Step::Answer => say!(locale, apps.failed.answer, host = host),
        Step::Platform => say!(locale, apps.failed.platform, host = host),
        Step::Accepted => say!(locale, apps.failed.accepted, host = host),
        Step::List => say!(locale, apps.failed.list, host = host),
        Step::Token => say!(locale, apps.failed.token, host = host),
    }
}

/// What to do about it.
fn remedy(locale: Locale, step: Step) -> &'static str {
    match step {
        Step::Name => say!(locale, apps.remedy.name),
        Step::Connect => say!(locale, apps.remedy.connect),
        Step::Tls => say!(locale, apps.remedy.tls),
        Step::Answer => say!(locale, apps.remedy.answer),
        Step::Platform => say!(locale, apps.remedy.platform),
        Step::Accepted => say!(locale, apps.remedy.accepted),
        Step::List => say!(locale, apps.remedy.list),
        Step::Token => say!(locale, apps.remedy.token),
    }
}

/// The result, in the head of an app's card.
pub fn pill(test: &ConnectionTest) -> impl IntoView + use<> {
    let locale = locale();
    let ms = test.millis;
    let (tone, glyph, word) = match &test.failed {
        None => ("ok", Glyph::Check, say!(locale, apps.answers, ms)),
        Some((step, _)) => ("fault", Glyph::Alert, short(locale, *step).to_owned()),
    };
    view! { <span class="pill" data-tone=tone><Icon glyph=glyph /><span>{word}</span></span> }
}

/// The result in full, with its time and a note that nothing was started.
#[component]
pub fn TestResult(test: ConnectionTest) -> impl IntoView {
    let locale = locale();
    let (at, host) = (test.at, test.host);
    let time = move || view! { <Time at=at style=TimeStyle::Clock /> };
    let Some((step, cause)) = test.failed else {
        let what = match test.list {
            ListTested::Yes => td!(locale, apps.tested_list, host, time).into_any(),
            ListTested::No | ListTested::Busy => td!(locale, apps.tested, host, time).into_any(),
        };
        let busy = (test.list == ListTested::Busy)
            .then(|| view! { <p class="hint">{say!(locale, apps.list_busy)}</p> });
        return view! { <LintLine level=Level::Ok>{what}</LintLine> {busy} }.into_any();
    };
    view! {
        <div class="tested">
            <LintLine level=Level::Error>
                <b>{failure(locale, step, host)}</b>
                " "
                {say!(locale, apps.because, cause = words::cause(locale, &cause))}
            </LintLine>
            <p>{remedy(locale, step)}</p>
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
                let said = failure(locale, step, "h".to_owned());
                assert!(seen.insert(said), "{step:?}");
                assert!(seen.insert(remedy(locale, step).to_owned()), "{step:?}");
                assert!(seen.insert(short(locale, step).to_owned()), "{step:?}");
            }
        }
    }
}
