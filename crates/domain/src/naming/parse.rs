//! Parses typed text as a rule, or lists its problems.

use super::{
    expand::{DATE_LENGTH, LONGEST_EXTENSION, RANDOM_LENGTH},
    rule::{NamingRule, Part, Token, is_bad},
    scan::{Kind, Span, scan},
};

/// The extension that a rule may be typed with, as in the platform's own example.
const TYPED_EXTENSION: &str = ".mp4";

/// A problem of a text that is not a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its place; the whole text if it has no place.
    pub span: Span,
    /// Its kind.
    pub kind: ProblemKind,
}

/// The kind of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// Blank text.
    Empty,
    /// Over [`NamingRule::MAX_BYTES`]; other problems are not listed.
    OverLimit {
        /// Its bytes.
        bytes: usize,
    },
    /// Fewer than [`NamingRule::MIN_UNDERSCORES`]; those inside braces do not count.
    TooFewUnderscores {
        /// Their number.
        found: usize,
    },
    /// More than [`NamingRule::MAX_TOKENS`]. The span is the surplus.
    TooManyTokens {
        /// Their number.
        found: usize,
    },
    /// An unknown token.
    UnknownToken {
        /// The text between the braces.
        name: String,
    },
    /// `{` without `}`.
    Unclosed,
    /// `}` without `{`.
    StrayBrace,
    /// A character that some file systems refuse: `/ \ : * ? " < > |` or a control character.
    BadCharacter(char),
    /// A dot or white space at the end, which some file systems drop.
    BadEnd(char),
    /// The name would have over [`NamingRule::MAX_NAME_BYTES`] with the longest room and user ids.
    TooLong {
        /// The bytes of that name with its extension.
        bytes: usize,
    },
}

impl NamingRule {
    /// Parses `text`, or lists its problems in the order of the text.
    ///
    /// A repeated token is allowed by the platform, so it is a warning and not a problem.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let whole = Span {
            start: 0,
            end: text.len(),
        };
        let blame_whole = |kind| Err(vec![Problem { span: whole, kind }]);
        if text.len() > Self::MAX_BYTES {
            return blame_whole(ProblemKind::OverLimit { bytes: text.len() });
        }
        if text.trim().is_empty() {
            return blame_whole(ProblemKind::Empty);
        }
        let stem = without_typed_extension(text).unwrap_or(text);
        let cut = scan(stem);
        let mut parts = Vec::new();
        let mut problems = Vec::new();
        let mut underscores = 0;
        for &(span, kind) in &cut {
            let inside = span.of(stem);
            let wrong = match kind {
                Kind::Literal => {
                    underscores += inside.matches('_').count();
                    problems.extend(bad_characters(inside, span.start));
                    parts.push(Part::Literal(inside.to_owned()));
                    continue;
                }
                Kind::Known(token) => {
                    parts.push(Part::Token(token));
                    continue;
                }
                Kind::Unknown => ProblemKind::UnknownToken {
                    name: inside.trim_matches(['{', '}']).to_owned(),
                },
                Kind::Unclosed => ProblemKind::Unclosed,
                Kind::Stray => ProblemKind::StrayBrace,
            };
            problems.push(Problem { span, kind: wrong });
        }
        problems.extend(surplus(&cut));
        problems.extend(bad_end(stem));
        let mut blame_all = |kind| problems.push(Problem { span: whole, kind });
        if underscores < Self::MIN_UNDERSCORES {
            blame_all(ProblemKind::TooFewUnderscores { found: underscores });
        }
        let bytes = longest_name(&parts);
        if bytes > Self::MAX_NAME_BYTES {
            blame_all(ProblemKind::TooLong { bytes });
        }
        if problems.is_empty() {
            Ok(Self {
                text: text.to_owned(),
                parts,
            })
        } else {
            problems.sort_by_key(|problem| problem.span.start);
            Err(problems)
        }
    }

    /// Whether the text ends in an extension.
    pub(super) fn has_extension(&self) -> bool {
        without_typed_extension(&self.text).is_some()
    }
}

/// The text without [`TYPED_EXTENSION`] in any case, if it ends in that.
pub(super) fn without_typed_extension(text: &str) -> Option<&str> {
    let at = text.len().checked_sub(TYPED_EXTENSION.len())?;
    let (stem, end) = text.split_at_checked(at)?;
    end.eq_ignore_ascii_case(TYPED_EXTENSION).then_some(stem)
}

fn bad_characters(literal: &str, offset: usize) -> impl Iterator<Item = Problem> {
    literal
        .char_indices()
        .filter(|(_, character)| is_bad(*character))
        .map(move |(at, character)| Problem {
            span: Span {
                start: offset + at,
                end: offset + at + character.len_utf8(),
            },
            kind: ProblemKind::BadCharacter(character),
        })
}

/// The problem of a dot or white space at the end. A control character is another problem.
fn bad_end(stem: &str) -> Option<Problem> {
    let last = stem.chars().next_back()?;
    let bad = last == '.' || (last.is_whitespace() && !last.is_control());
    bad.then(|| Problem {
        span: Span {
            start: stem.len() - last.len_utf8(),
            end: stem.len(),
        },
        kind: ProblemKind::BadEnd(last),
    })
}

/// The problem of too many tokens, unknown ones included.
fn surplus(cut: &[(Span, Kind)]) -> Option<Problem> {
    let tokens: Vec<Span> = cut
        .iter()
        .filter(|(_, kind)| matches!(kind, Kind::Known(_) | Kind::Unknown))
        .map(|(span, _)| *span)
        .collect();
    let first = tokens.get(NamingRule::MAX_TOKENS)?;
    Some(Problem {
        span: Span {
            start: first.start,
            end: tokens.last()?.end,
        },
        kind: ProblemKind::TooManyTokens {
            found: tokens.len(),
        },
    })
}

/// The bytes of the longest name: a track's, which has a value for every token.
fn longest_name(parts: &[Part]) -> usize {
    let stem: usize = parts
        .iter()
        .map(|part| match part {
            Part::Literal(text) => text.len(),
            Part::Token(token) => longest(*token),
        })
        .sum();
    stem + LONGEST_EXTENSION
}

/// The bytes of a participant's id in the longest name; a longer id makes a longer name.
const USER_BYTES: usize = 64;

const fn longest(token: Token) -> usize {
    use crate::room::RoomId;
    match token {
        Token::Random => RANDOM_LENGTH,
        Token::Date => DATE_LENGTH,
        // Unix seconds, the longest that seconds are likely to be.
        Token::Time => 10,
        Token::RoomId => RoomId::MAX_BYTES,
        Token::UserId => USER_BYTES,
    }
}

#[cfg(test)]
mod tests {
    use super::{ProblemKind as P, *};

    /// The problems of a rule, each with the text it concerns.
    fn problems(text: &str) -> Vec<(&str, P)> {
        NamingRule::parse(text)
            .unwrap_err()
            .into_iter()
            .map(|problem| (problem.span.of(text), problem.kind))
            .collect()
    }

    #[test]
    fn documented_rules_are_valid() {
        for text in [
            NamingRule::DEFAULT,
            "xx_{random}_{date}_{time}_{roomid}_{userid}_xx.mp4",
            "xx_{random}_{date}_{roomid}_xx.mp4",
            "no_tokens_at_all",
            "会议_{date}_{random} (v1.0)",
        ] {
            let rule = NamingRule::parse(text);
            assert_eq!(rule.as_ref().map(NamingRule::as_str), Ok(text));
        }
        assert_eq!(
            NamingRule::parse(NamingRule::DEFAULT),
            Ok(NamingRule::default())
        );
    }

    #[test]
    fn a_typed_extension_is_none_of_the_parts() {
        let rule = NamingRule::parse("a_{date}_x.MP4").unwrap();
        assert_eq!(
            rule.parts(),
            [
                Part::Literal("a_".to_owned()),
                Part::Token(Token::Date),
                Part::Literal("_x".to_owned()),
            ]
        );
        assert!(rule.has_extension() && !NamingRule::default().has_extension());
    }

    #[test]
    fn an_empty_rule() {
        for text in ["", "  ", "\t"] {
            assert_eq!(problems(text), [(text, P::Empty)]);
        }
        assert_eq!(
            problems(".mp4"),
            [(".mp4", P::TooFewUnderscores { found: 0 })]
        );
    }

    #[test]
    fn underscores_are_counted_outside_of_braces() {
        let few = |found| P::TooFewUnderscores { found };
        assert_eq!(problems("ar{date}"), [("ar{date}", few(0))]);
        assert_eq!(problems("ar_{date}"), [("ar_{date}", few(1))]);
        let unknown = P::UnknownToken {
            name: "a_b_c".to_owned(),
        };
        assert_eq!(
            problems("x{a_b_c}"),
            [("x{a_b_c}", few(0)), ("{a_b_c}", unknown)]
        );
    }

    #[test]
    fn five_parameters_and_not_six() {
        assert!(NamingRule::parse("_{date}{date}{date}{date}{date}_").is_ok());
        assert_eq!(
            problems("_{date}{date}{date}{date}{date}{time}_{date}_"),
            [("{time}_{date}", P::TooManyTokens { found: 7 })]
        );
    }

    #[test]
    fn braces() {
        let unknown = |name: &str| P::UnknownToken {
            name: name.to_owned(),
        };
        assert_eq!(
            problems("{Date}_{}_}_{random{ time}_{"),
            [
                ("{Date}", unknown("Date")),
                ("{}", unknown("")),
                ("}", P::StrayBrace),
                ("{random", P::Unclosed),
                ("{ time}", unknown(" time")),
                ("{", P::Unclosed),
            ]
        );
    }

    #[test]
    fn characters_that_file_systems_refuse() {
        for bad in r#"/\:*?"<>|"#.chars().chain(['\n', '\0', '\u{7f}']) {
            let text = format!("会_{bad}_x");
            assert_eq!(
                problems(&text),
                [(bad.to_string().as_str(), P::BadCharacter(bad))]
            );
        }
    }

    #[test]
    fn trailing_characters_that_file_systems_drop() {
        assert_eq!(problems("a_b_."), [(".", P::BadEnd('.'))]);
        assert_eq!(problems("a_b_ .mp4"), [(" ", P::BadEnd(' '))]);
        assert_eq!(
            problems("a_b_\u{3000}"),
            [("\u{3000}", P::BadEnd('\u{3000}'))]
        );
        assert!(NamingRule::parse(" a_b._c").is_ok());
    }

    #[test]
    fn too_long_to_the_byte() {
        // 128 room + 64 user + 4 extension leave 59.
        let text = format!("{{roomid}}{{userid}}__{}", "x".repeat(57));
        assert!(NamingRule::parse(&text).is_ok());
        let text = format!("{{roomid}}{{userid}}__{}", "界".repeat(20));
        assert_eq!(
            problems(&text),
            [(text.as_str(), P::TooLong { bytes: 258 })]
        );
        // A typed extension is not counted twice.
        let text = format!("{{roomid}}{{userid}}__{}.mp4", "x".repeat(57));
        assert!(NamingRule::parse(&text).is_ok());
    }

    #[test]
    fn a_text_over_the_limit_has_one_problem() {
        let most = NamingRule::MAX_BYTES;
        assert_eq!(problems(&":".repeat(most)).len(), most + 2);
        let over = ":".repeat(most + 1);
        assert_eq!(
            problems(&over),
            [(over.as_str(), P::OverLimit { bytes: most + 1 })]
        );
    }

    #[test]
    fn all_problems_in_the_order_of_the_text() {
        assert_eq!(
            problems("a:{dote}."),
            [
                ("a:{dote}.", P::TooFewUnderscores { found: 0 }),
                (":", P::BadCharacter(':')),
                (
                    "{dote}",
                    P::UnknownToken {
                        name: "dote".to_owned()
                    }
                ),
                (".", P::BadEnd('.')),
            ]
        );
    }
}
