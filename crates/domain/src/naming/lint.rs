//! Warnings about valid rules.

use super::rule::{NamingRule, Token};

/// The context of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lint {
    /// Whether the app is on a public cloud, which ignores the rule.
    pub public_cloud: bool,
    /// The number of recordings a day.
    pub recordings_per_day: u32,
}

/// A risk of a valid rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// The platform ignores the rule.
    PublicCloudIgnores,
    /// Without `{random}`, these recordings get the same name.
    NoRandom(Within),
    /// `{random}` is too short for the number of recordings.
    MayCollide {
        /// An upper bound of the probability as one in `one_in`.
        one_in: u64,
    },
    /// `{userid}` has no effect on the composite.
    UserIdNotInComposite,
    /// Without `{userid}`, the composite and every track get the same name.
    SharedByTracks,
    /// The token occurs more than once, with the same value.
    RepeatedToken(Token),
}

/// The recordings that get the same name, by a rule without `{random}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Any two recordings.
    Ever,
    /// Two of one day.
    OneDay,
    /// Two that start in the same second.
    OneSecond,
}

impl Warning {
    /// A probability below one in this number gets no warning.
    pub const WORTH_A_WORD: u64 = 10_000;
}

/// The number of values of `{random}`: four digits, capital and small letters.
pub(super) const RANDOMS: u64 = 62 * 62 * 62 * 62;
const SECONDS_A_DAY: u64 = 86_400;
/// The time for which names without `{date}` have to be unique.
const DAYS_A_YEAR: u64 = 365;

impl NamingRule {
    /// The warnings, most important first.
    ///
    /// Probabilities are the birthday problem's upper bound, pairs / values, for the recordings of a day,
    /// or of a year if the rule has no `{date}`. `{time}` counts as the seconds of a day, the least that
    /// it can mean.
    pub fn warnings(&self, context: &Lint) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if context.public_cloud {
            warnings.push(Warning::PublicCloudIgnores);
        }
        warnings.extend(self.collision(context.recordings_per_day));
        if self.has(Token::UserId) {
            warnings.push(Warning::UserIdNotInComposite);
        } else {
            warnings.push(Warning::SharedByTracks);
        }
        let tokens = Token::ALL.iter().copied();
        let repeated = tokens.filter(|token| self.count(*token) > 1);
        warnings.extend(repeated.map(Warning::RepeatedToken));
        warnings
    }

    fn collision(&self, a_day: u32) -> Option<Warning> {
        if !self.has(Token::Random) {
            return Some(Warning::NoRandom(self.within()));
        }
        let days = if self.has(Token::Date) {
            1
        } else {
            DAYS_A_YEAR
        };
        let one_in = one_in(u64::from(a_day) * days, RANDOMS * self.moments())?;
        (one_in < Warning::WORTH_A_WORD).then_some(Warning::MayCollide { one_in })
    }

    /// The recordings that get the same name without `{random}`.
    pub(super) fn within(&self) -> Within {
        match (self.has(Token::Date), self.has(Token::Time)) {
            (_, true) => Within::OneSecond,
            (true, false) => Within::OneDay,
            (false, false) => Within::Ever,
        }
    }

    /// The number of values of `{time}` on a day, or 1 without it.
    pub(super) fn moments(&self) -> u64 {
        if self.has(Token::Time) {
            SECONDS_A_DAY
        } else {
            1
        }
    }
}

/// The upper bound of the probability that two of `recordings` have the same of `values`, as one in the
/// result; `None` if there are no two.
pub(super) fn one_in(recordings: u64, values: u64) -> Option<u64> {
    let pairs = u128::from(recordings) * u128::from(recordings.checked_sub(1)?) / 2;
    let odds = u128::from(values).checked_div(pairs)?;
    Some(u64::try_from(odds).unwrap_or(u64::MAX).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The warnings of a rule without `{userid}`, but for that.
    fn warnings(rule: &str, recordings_per_day: u32) -> Vec<Warning> {
        let mut warnings = NamingRule::parse(rule).unwrap().warnings(&Lint {
            public_cloud: false,
            recordings_per_day,
        });
        assert_eq!(warnings.pop(), Some(Warning::SharedByTracks));
        warnings
    }

    #[test]
    fn the_default_is_fine_for_a_usual_day() {
        for recordings in [0, 1, 10, 50] {
            assert_eq!(warnings(NamingRule::DEFAULT, recordings), []);
        }
    }

    #[test]
    fn a_random_part_that_is_too_short() {
        // 100 recordings are 4950 pairs; 62^4 = 14 776 336.
        let odds = |one_in| [Warning::MayCollide { one_in }];
        assert_eq!(warnings(NamingRule::DEFAULT, 100), odds(2985));
        assert_eq!(warnings("ar_{roomid}_{random}", 10), odds(2));
        assert_eq!(warnings("ar_{roomid}_{random}", u32::MAX), odds(1));
        assert_eq!(warnings("ar_{time}_{random}", 10), []);
    }

    #[test]
    fn no_random_part() {
        for (rule, recordings, within) in [
            ("ar_{roomid}_x", 0, Within::Ever),
            ("ar_{roomid}_{date}", 10, Within::OneDay),
            ("ar_{date}_{time}", 10, Within::OneSecond),
            ("ar_{date}_{time}", 1, Within::OneSecond),
            ("ar_x_{time}", 10, Within::OneSecond),
        ] {
            let expected = [Warning::NoRandom(within)];
            assert_eq!(warnings(rule, recordings), expected, "{rule}");
        }
    }

    #[test]
    fn other_warnings() {
        let rule = NamingRule::parse("{userid}_{date}_{date}_{random}").unwrap();
        let context = Lint {
            public_cloud: true,
            recordings_per_day: 3,
        };
        assert_eq!(
            rule.warnings(&context),
            [
                Warning::PublicCloudIgnores,
                Warning::UserIdNotInComposite,
                Warning::RepeatedToken(Token::Date),
            ]
        );
    }
}
