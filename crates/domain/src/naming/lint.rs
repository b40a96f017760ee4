//! What a rule that works may still do that its author does not expect.

use super::rule::{NamingRule, Token};

/// What a rule is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lint {
    /// Whether the app is on a public cloud, which ignores the rule.
    pub public_cloud: bool,
    /// How many recordings a day the rule names.
    pub recordings_per_day: u32,
}

/// What a rule may do that its author does not expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// The platform ignores the rule.
    PublicCloudIgnores,
    /// Without `{random}`, two recordings may get the same name.
    NoRandom {
        /// Which two.
        within: Within,
        /// The odds that some two do: one in so many, at the worst; 1 is certain.
        one_in: u64,
    },
    /// There is a `{random}`, but with so many recordings it is too short.
    MayCollide {
        /// The odds that some two get the same name: one in so many, at the worst.
        one_in: u64,
    },
    /// `{userid}` has no effect on the composite.
    UserIdNotInComposite,
    /// The token stands more than once; it tells the same each time.
    RepeatedToken(Token),
}

/// Which two recordings get the same name, for a rule without `{random}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Any two.
    Ever,
    /// Two of one day.
    OneDay,
    /// Two that start in the same second.
    OneSecond,
}

impl Warning {
    /// Odds smaller than one in so many are not worth a warning.
    pub const WORTH_A_WORD: u64 = 10_000;
}

/// Values of `{random}`: four digits, capital and small letters.
pub(super) const RANDOMS: u64 = 62 * 62 * 62 * 62;
pub(super) const SECONDS_A_DAY: u64 = 86_400;
/// How long names have to be unique where the rule has no `{date}`.
const DAYS_A_YEAR: u64 = 365;

impl NamingRule {
    /// What may surprise its author, weightiest first.
    ///
    /// Odds are the birthday problem's upper bound, pairs / values, for the recordings of a day; of
    /// a year where the rule has no `{date}`. `{time}` is taken as the seconds of a day: the
    /// platform does not say more, and everything else makes it likelier to be unique.
    pub fn warnings(&self, context: &Lint) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if context.public_cloud {
            warnings.push(Warning::PublicCloudIgnores);
        }
        warnings.extend(self.collision(context.recordings_per_day));
        if self.has(Token::UserId) {
            warnings.push(Warning::UserIdNotInComposite);
        }
        let repeated = Token::ALL
            .into_iter()
            .filter(|token| self.count(*token) > 1);
        warnings.extend(repeated.map(Warning::RepeatedToken));
        warnings
    }

    fn collision(&self, a_day: u32) -> Option<Warning> {
        let (has_date, has_time) = (self.has(Token::Date), self.has(Token::Time));
        let days = if has_date { 1 } else { DAYS_A_YEAR };
        let moments = if has_time { SECONDS_A_DAY } else { 1 };
        let recordings = u64::from(a_day) * days;
        if self.has(Token::Random) {
            let one_in = one_in(recordings, RANDOMS * moments)?;
            return (one_in < Warning::WORTH_A_WORD).then_some(Warning::MayCollide { one_in });
        }
        let within = match (has_date, has_time) {
            (_, true) => Within::OneSecond,
            (true, false) => Within::OneDay,
            (false, false) => Within::Ever,
        };
        // Two recordings, at the least, are what a name has to tell apart.
        let one_in = one_in(recordings.max(2), moments)?;
        Some(Warning::NoRandom { within, one_in })
    }
}

/// The odds that of `recordings` some two draw the same of `values`; `None`: there are no two.
pub(super) fn one_in(recordings: u64, values: u64) -> Option<u64> {
    let pairs = u128::from(recordings) * u128::from(recordings.checked_sub(1)?) / 2;
    let odds = u128::from(values).checked_div(pairs)?;
    Some(u64::try_from(odds).unwrap_or(u64::MAX).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(rule: &str, recordings_per_day: u32) -> Vec<Warning> {
        NamingRule::parse(rule).unwrap().warnings(&Lint {
            public_cloud: false,
            recordings_per_day,
        })
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
        let odds = |within, one_in| [Warning::NoRandom { within, one_in }];
        for (rule, recordings, expected) in [
            ("ar_{roomid}_x", 0, odds(Within::Ever, 1)),
            ("ar_{roomid}_{date}", 10, odds(Within::OneDay, 1)),
            // 45 pairs of 86 400 seconds.
            ("ar_{date}_{time}", 10, odds(Within::OneSecond, 1920)),
            ("ar_{date}_{time}", 1, odds(Within::OneSecond, 86_400)),
            ("ar_x_{time}", 10, odds(Within::OneSecond, 1)),
        ] {
            assert_eq!(warnings(rule, recordings), expected, "{rule}");
        }
    }

    #[test]
    fn the_rest() {
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
