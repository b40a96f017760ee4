//! The test of the storage: a button, and the steps of the last test.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::usage::{StepTested, StorageStep, StorageTest};

use crate::{
    components::{ErrorNote, Glyph, Icon, time},
    form::failed,
    i18n::{Locale, td},
    lint_line::{Level, LintLine},
    pages::settings::section_head::section_head,
    server_fns::TestStorage,
    this_page::locale,
    words,
};

/// The section with the last test and, if `may_test`, the button.
pub fn test_section(last: Option<StorageTest>, may_test: bool) -> impl IntoView {
    let locale = locale();
    let error = failed::<TestStorage>();
    let button = may_test.then(|| {
        view! {
            <form method="post" action=TestStorage::url()>
                <button class="btn" data-busy=say!(locale, common.action.testing)>
                    <Icon glyph=Glyph::Pulse />
                    <span data-word="">{say!(locale, storage.run)}</span>
                </button>
            </form>
        }
    });
    view! {
        <section class="set-s" aria-labelledby="test-h">
            {section_head("test-h", say!(locale, storage.test), say!(locale, storage.test_text))}
            <div>
                {error.map(|error| view! { <ErrorNote error=error /> })}
                <div role="status">{last.map(steps)}</div>
                {button}
            </div>
        </section>
    }
}

fn steps(test: StorageTest) -> impl IntoView {
    let time = time(test.at);
    view! {
        <ul class="tested">{test.steps.into_iter().map(line).collect_view()}</ul>
        <p class="hint">{td!(locale(), storage.tested, time)}</p>
    }
}

/// A step with its result and time.
fn line(tested: StepTested) -> impl IntoView {
    let level = match tested.failed {
        None => Level::Ok,
        Some(_) => Level::Error,
    };
    view! {
        <li>
            <LintLine level=level>
                {outcome(locale(), &tested)} " " <span class="muted num">{tested.millis} " ms"</span>
            </LintLine>
        </li>
    }
}

fn outcome(locale: Locale, tested: &StepTested) -> String {
    macro_rules! of {
        ($step:ident) => {
            match &tested.failed {
                None => say!(locale, storage.done.$step).to_owned(),
                Some(cause) => {
                    say!(
                        locale,
                        storage.failed.$step,
                        cause = words::cause(locale, cause)
                    )
                }
            }
        };
    }
    match tested.step {
        StorageStep::Write => of!(write),
        StorageStep::Read => of!(read),
        StorageStep::Delete => of!(delete),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::cause::Cause;

    use super::*;

    #[test]
    fn each_outcome_of_a_step_has_its_words() {
        for locale in [Locale::en, Locale::zh_CN] {
            let mut seen = std::collections::HashSet::new();
            for step in [StorageStep::Write, StorageStep::Read, StorageStep::Delete] {
                for failed in [None, Some(Cause::NoAnswer)] {
                    let tested = StepTested {
                        step,
                        millis: 1,
                        failed,
                    };
                    assert!(seen.insert(outcome(locale, &tested)), "{tested:?}");
                }
            }
        }
    }
}
