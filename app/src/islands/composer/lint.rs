//! The findings in a rule, problems and warnings, as sentences.

use std::collections::HashSet;

use leptos::prelude::*;
use reelroom_domain::naming::{ProblemKind, Warning, Within};

use super::state::Findings;
use crate::{
    i18n::Locale,
    lint_line::{Level, LintLine},
    this_page::locale,
};

/// The id of the list, which describes the field.
pub const LINTS: &str = "rule-lints";

/// The maximum number of problems shown; the others follow once these are corrected.
const MOST: usize = 20;

/// The findings, announced when they change. `refused`: the server rejected the rule; without a problem in
/// the one that is shown, it was over the limit.
pub fn lints(findings: Memo<Findings>, refused: Signal<bool>) -> impl IntoView {
    let locale = locale();
    let lines = move || {
        let findings = findings.get();
        let problems = findings.problems.iter();
        let problems = distinct(problems.map(|problem| problem_text(locale, &problem.kind)));
        let (warnings, n) = (findings.warnings.iter(), findings.recordings_per_day);
        let warnings = distinct(warnings.map(|warning| warning_text(locale, *warning, n)));
        let over_limit = refused.get() && findings.problems.is_empty();
        let over_limit = over_limit.then(|| say!(locale, rooms.lint.over_limit));
        let problems = over_limit.map(str::to_owned).into_iter().chain(problems);
        let problems = problems.take(MOST).map(|text| line(Level::Error, text));
        let warnings = warnings.into_iter().map(|text| line(Level::Warn, text));
        problems.chain(warnings).collect_view()
    };
    view! { <div class="lints" id=LINTS aria-live="polite">{lines}</div> }
}

/// The texts in order, without duplicates.
pub fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut said = HashSet::new();
    texts.filter(|text| said.insert(text.clone())).collect()
}

fn line(level: Level, text: String) -> impl IntoView {
    view! { <LintLine level=level>{text}</LintLine> }
}

fn problem_text(locale: Locale, problem: &ProblemKind) -> String {
    match problem {
        ProblemKind::Empty => say!(locale, rooms.lint.empty).to_owned(),
        ProblemKind::OverLimit { .. } => say!(locale, rooms.lint.over_limit).to_owned(),
        ProblemKind::TooFewUnderscores { .. } => say!(locale, rooms.lint.underscores).to_owned(),
        ProblemKind::TooManyTokens { found } => say!(locale, rooms.lint.parameters, n = *found),
        ProblemKind::UnknownToken { name } => {
            let token = format!("{{{name}}}");
            say!(locale, rooms.lint.unknown_token, token)
        }
        ProblemKind::Unclosed => say!(locale, rooms.lint.unclosed).to_owned(),
        ProblemKind::StrayBrace => say!(locale, rooms.lint.stray).to_owned(),
        ProblemKind::BadCharacter(bad) if bad.is_control() => {
            say!(locale, rooms.lint.control).to_owned()
        }
        ProblemKind::BadCharacter(bad) => say!(locale, rooms.lint.character, what = *bad),
        ProblemKind::BadEnd('.') => say!(locale, rooms.lint.end_dot).to_owned(),
        ProblemKind::BadEnd(_) => say!(locale, rooms.lint.end_space).to_owned(),
        ProblemKind::TooLong { bytes } => say!(locale, rooms.lint.too_long, n = *bytes),
    }
}

/// `n`: the number of recordings a day that the odds assume.
fn warning_text(locale: Locale, warning: Warning, n: u32) -> String {
    match warning {
        Warning::PublicCloudIgnores => say!(locale, rooms.lint.public_cloud).to_owned(),
        Warning::NoRandom(within) => match within {
            Within::Ever => say!(locale, rooms.lint.no_random).to_owned(),
            Within::OneDay => say!(locale, rooms.lint.no_random_time).to_owned(),
            Within::OneSecond => say!(locale, rooms.lint.one_second).to_owned(),
        },
        Warning::MayCollide { one_in } => say!(locale, rooms.lint.may_collide, n, odds = one_in),
        Warning::SharedByTracks => say!(locale, rooms.lint.shared).to_owned(),
        Warning::UserIdNotInComposite => say!(locale, rooms.lint.userid).to_owned(),
        Warning::RepeatedToken(token) => {
            say!(locale, rooms.lint.repeated, token = token.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_listed_once() {
        let texts = ["a", "b", "a"].map(str::to_owned);
        assert_eq!(distinct(texts.into_iter()), ["a", "b"]);
    }

    #[test]
    fn warnings_speak_both_languages() {
        let warning = Warning::RepeatedToken(reelroom_domain::naming::Token::Date);
        assert!(warning_text(Locale::en, warning, 2).contains("{date}"));
        assert!(warning_text(Locale::zh_CN, warning, 2).contains("{date}"));
    }
}
