//! What is wrong with a rule, and what may surprise its author, in words.

use std::collections::HashSet;

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use reelroom_domain::naming::{ProblemKind, Warning, Within};

use super::Findings;
use crate::{
    i18n::{Locale, t_string, td_string, use_i18n},
    whole::components::{Glyph, Icon},
};

/// The id of the list, which describes the field.
pub const LINTS: &str = "rule-lints";

/// The most lines of mistakes; the others are told once these are corrected.
const MOST: usize = 20;

/// The findings, read out when they change. `refused`: the server did not keep the rule, because it
/// was over the limit.
#[component]
pub fn Lints(findings: Memo<Findings>, refused: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        let findings = findings.get();
        let problems = findings.problems.iter();
        let problems = said_once(problems.map(|problem| problem_text(i18n, &problem.kind)));
        let warnings = findings.warnings.iter();
        let warnings =
            said_once(warnings.map(|warning| {
                warning_text(i18n.get_locale(), *warning, findings.recordings_per_day)
            }));
        let refused = refused
            .get()
            .then(|| t_string!(i18n, rooms.lint.over_limit).to_owned());
        let problems = refused.into_iter().chain(problems);
        let problems = problems.take(MOST).map(|text| line("error", text));
        let warnings = warnings.into_iter().map(|text| line("warn", text));
        problems.chain(warnings).collect_view()
    };
    view! {
        <div class="lints" id=LINTS aria-live="polite">
            {lines}
        </div>
    }
}

/// The texts in their order, each once: the same sentence twice tells nothing more.
pub fn said_once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut said = HashSet::new();
    texts.filter(|text| said.insert(text.clone())).collect()
}

fn line(level: &'static str, text: String) -> impl IntoView {
    let glyph = if level == "error" {
        Glyph::Error
    } else {
        Glyph::Alert
    };
    view! {
        <p class="lint" data-level=level>
            <Icon glyph=glyph />
            <span>{text}</span>
        </p>
    }
}

fn problem_text(i18n: I18nContext<Locale>, problem: &ProblemKind) -> String {
    match problem {
        ProblemKind::Empty => t_string!(i18n, rooms.lint.empty).to_owned(),
        ProblemKind::OverLimit { .. } => t_string!(i18n, rooms.lint.over_limit).to_owned(),
        ProblemKind::TooFewUnderscores { .. } => t_string!(i18n, rooms.lint.underscores).to_owned(),
        ProblemKind::TooManyTokens { found } => t_string!(i18n, rooms.lint.parameters, n = *found),
        ProblemKind::UnknownToken { name } => {
            t_string!(
                i18n,
                rooms.lint.unknown_token,
                token = format!("{{{name}}}")
            )
        }
        ProblemKind::Unclosed => t_string!(i18n, rooms.lint.unclosed).to_owned(),
        ProblemKind::StrayBrace => t_string!(i18n, rooms.lint.stray).to_owned(),
        ProblemKind::BadCharacter(bad) if bad.is_control() => {
            t_string!(i18n, rooms.lint.control).to_owned()
        }
        ProblemKind::BadCharacter(bad) => t_string!(i18n, rooms.lint.character, what = *bad),
        ProblemKind::BadEnd('.') => t_string!(i18n, rooms.lint.end_dot).to_owned(),
        ProblemKind::BadEnd(_) => t_string!(i18n, rooms.lint.end_space).to_owned(),
        ProblemKind::TooLong { bytes } => t_string!(i18n, rooms.lint.too_long, n = *bytes),
    }
}

/// `n`: how many recordings a day the odds are for.
fn warning_text(locale: Locale, warning: Warning, n: u32) -> String {
    match warning {
        Warning::PublicCloudIgnores => td_string!(locale, rooms.lint.public_cloud).to_owned(),
        Warning::NoRandom {
            within: Within::Ever,
            ..
        } => td_string!(locale, rooms.lint.no_random).to_owned(),
        Warning::NoRandom {
            within: Within::OneDay,
            ..
        } => td_string!(locale, rooms.lint.no_random_time).to_owned(),
        Warning::NoRandom {
            within: Within::OneSecond,
            ..
        } => td_string!(locale, rooms.lint.one_second).to_owned(),
        Warning::MayCollide { one_in } => {
            td_string!(locale, rooms.lint.may_collide, n, odds = one_in)
        }
        Warning::UserIdNotInComposite => td_string!(locale, rooms.lint.userid).to_owned(),
        Warning::RepeatedToken(token) => {
            td_string!(locale, rooms.lint.repeated, token = token.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_said_once() {
        let texts = ["a", "b", "a"].map(str::to_owned);
        assert_eq!(said_once(texts.into_iter()), ["a", "b"]);
    }

    #[test]
    fn warnings_speak_both_languages() {
        let warning = Warning::RepeatedToken(reelroom_domain::naming::Token::Date);
        assert!(warning_text(Locale::en, warning, 2).contains("{date}"));
        assert!(warning_text(Locale::zh_CN, warning, 2).contains("{date}"));
    }
}
