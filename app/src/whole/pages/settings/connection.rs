//! Whether the platform answers, in words: the step that failed, why, and what to do.

use leptos::prelude::*;
use reelroom_domain::app::{ConnectionTest, ListTested, Step};

use crate::{
    i18n::{Locale, t, td_string, use_i18n},
    whole::components::{Glyph, Icon, Time},
    words::{self, TimeStyle},
};

/// What failed, in a few words.
fn short(locale: Locale, step: Step) -> &'static str {
    match step {
        Step::Name => td_string!(locale, apps.short.name),
        Step::Connect => td_string!(locale, apps.short.connect),
        Step::Tls => td_string!(locale, apps.short.tls),
        Step::Answer => td_string!(locale, apps.short.answer),
        Step::Platform => td_string!(locale, apps.short.platform),
        Step::Accepted => td_string!(locale, apps.short.accepted),
        Step::List => td_string!(locale, apps.short.list),
        Step::Token => td_string!(locale, apps.short.token),
    }
}

/// What failed, with the host that was asked.
fn failure(locale: Locale, step: Step, host: String) -> String {
    match step {
        Step::Name => td_string!(locale, apps.failed.name, host = host),
        Step::Connect => td_string!(locale, apps.failed.connect, host = host),
        Step::Tls => td_string!(locale, apps.failed.tls, host = host),
        Step::Answer => td_string!(locale, apps.failed.answer, host = host),
        Step::Platform => td_string!(locale, apps.failed.platform, host = host),
        Step::Accepted => td_string!(locale, apps.failed.accepted, host = host),
        Step::List => td_string!(locale, apps.failed.list, host = host),
        Step::Token => td_string!(locale, apps.failed.token, host = host),
    }
}

/// What to do about it.
fn remedy(locale: Locale, step: Step) -> &'static str {
    match step {
        Step::Name => td_string!(locale, apps.remedy.name),
        Step::Connect => td_string!(locale, apps.remedy.connect),
        Step::Tls => td_string!(locale, apps.remedy.tls),
        Step::Answer => td_string!(locale, apps.remedy.answer),
        Step::Platform => td_string!(locale, apps.remedy.platform),
        Step::Accepted => td_string!(locale, apps.remedy.accepted),
        Step::List => td_string!(locale, apps.remedy.list),
        Step::Token => td_string!(locale, apps.remedy.token),
    }
}

/// The result in the head of an app's card.
pub fn pill(test: &ConnectionTest) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let millis = test.millis;
    match &test.failed {
        None => view! {
            <span class="pill" data-tone="ok">
                <Icon glyph=Glyph::Check />
                <span>{t!(i18n, apps.answers, ms = millis)}</span>
            </span>
        }
        .into_any(),
        Some((step, _)) => {
            let step = *step;
            view! {
                <span class="pill" data-tone="fault">
                    <Icon glyph=Glyph::Alert />
                    <span>{move || short(i18n.get_locale(), step)}</span>
                </span>
            }
            .into_any()
        }
    }
}

/// The result at length; it says when it was, and that nothing was started.
#[component]
pub fn TestResult(
    /// What the test said.
    test: ConnectionTest,
) -> impl IntoView {
    let i18n = use_i18n();
    let ConnectionTest {
        at,
        host,
        failed,
        list,
        ..
    } = test;
    let time = move || view! { <Time at=at style=TimeStyle::Clock /> };
    match failed {
        None => {
            let what = match list {
                ListTested::Yes => t!(i18n, apps.tested_list, host, time).into_any(),
                ListTested::No | ListTested::Busy => t!(i18n, apps.tested, host, time).into_any(),
            };
            view! {
                <p class="lint" data-level="ok">
                    <Icon glyph=Glyph::Check />
                    <span>{what}</span>
                </p>
                {(list == ListTested::Busy)
                    .then(|| view! { <p class="hint">{told!(i18n, apps.list_busy)}</p> })}
            }
            .into_any()
        }
        Some((step, cause)) => {
            let words = move || {
                let locale = i18n.get_locale();
                failure(locale, step, host.clone())
            };
            let cause = move || words::cause(i18n.get_locale(), &cause);
            view! {
                <div class="tested">
                    <p class="lint" data-level="error">
                        <Icon glyph=Glyph::Error />
                        <span>
                            <b>{words}</b>
                            " "
                            {t!(i18n, apps.because, cause = cause.clone())}
                        </span>
                    </p>
                    <p>{move || remedy(i18n.get_locale(), step)}</p>
                    <p class="hint">{t!(i18n, apps.tested_failed, time)}</p>
                </div>
            }
            .into_any()
        }
    }
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
