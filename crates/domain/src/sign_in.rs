//! The form of the rules of sign-in.

use std::ops::RangeInclusive;

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    growth::Growing,
    typed::{self, form, tick},
    user::SignInRules,
    words::words,
};

words!(SignInField);

/// A field of the form that can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SignInField {
    /// [`SignInForm::idle_hours`].
    IdleHours,
    /// [`SignInForm::at_most_days`].
    AtMostDays,
    /// [`SignInForm::link_hours`].
    LinkHours,
    /// [`SignInForm::password_length`].
    PasswordLength,
    /// [`SignInForm::history_days`].
    HistoryDays,
    /// [`SignInForm::break_glass`].
    BreakGlass,
}

form!(
    /// The form of the rules, as typed. A box that is not ticked is empty.
    SignInForm {
        /// Hours after the last use at which a session ends.
        idle_hours,
        /// Days after sign-in at which a session ends.
        at_most_days,
        /// Hours for which a one-time link is valid.
        link_hours,
        /// The least number of characters of a new password.
        password_length,
        /// Days for which the history of access is kept.
        history_days,
    } optional {
        /// Whether administrators need a second factor.
        admins_need_second_factor,
        /// Whether nobody but the break-glass account signs in by a password.
        passwords_off,
        /// The sign-in name of that account.
        break_glass,
    }
);

impl SignInForm {
    /// The form that shows these rules.
    pub fn of(rules: &SignInRules) -> Self {
        Self {
            idle_hours: rules.idle_hours.to_string(),
            at_most_days: rules.at_most_days.to_string(),
            link_hours: rules.link_hours.to_string(),
            password_length: rules.password_length.to_string(),
            history_days: rules.history_days.to_string(),
            admins_need_second_factor: tick(rules.admins_need_second_factor),
            passwords_off: tick(rules.passwords_off),
            break_glass: rules.break_glass.clone(),
        }
    }

    /// The rules, and every field that is no number within its limits. The break-glass account is not
    /// checked.
    pub fn read(&self) -> (SignInRules, Vec<SignInField>) {
        let mut wrong = Vec::new();
        let mut number = |field: SignInField, typed: &str, limits: RangeInclusive<u32>| {
            typed::number(typed, limits).unwrap_or_else(|| {
                wrong.push(field);
                0
            })
        };
        let rules = SignInRules {
            idle_hours: number(SignInField::IdleHours, &self.idle_hours, 1..=720),
            // Browsers keep the cookie of a session for 90 days.
            at_most_days: number(SignInField::AtMostDays, &self.at_most_days, 1..=90),
            link_hours: number(SignInField::LinkHours, &self.link_hours, 1..=720),
            // NIST SP 800-63B allows no less than 8, and has verifiers take at least 64.
            password_length: number(SignInField::PasswordLength, &self.password_length, 8..=64),
            history_days: number(
                SignInField::HistoryDays,
                &self.history_days,
                Growing::HistoryDays.limits(),
            ),
            admins_need_second_factor: !self.admins_need_second_factor.is_empty(),
            passwords_off: !self.passwords_off.is_empty(),
            break_glass: self.break_glass.trim().to_owned(),
        };
        (rules, wrong)
    }
}

/// The rules, as their page shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInSettings {
    /// The rules.
    pub rules: SignInRules,
    /// Whether single sign-on is configured, without which passwords cannot be off.
    pub has_single_sign_on: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_shows_the_rules_and_reads_them_again() {
        let rules = SignInRules {
            admins_need_second_factor: true,
            break_glass: "root".to_owned(),
            ..SignInRules::default()
        };
        let form = SignInForm::of(&rules);
        assert_eq!(form.read(), (rules, vec![]));
        for (name, _) in form.fields() {
            let form = serde_json::to_value(&form).unwrap();
            assert!(form.get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let form = SignInForm {
            idle_hours: "0".to_owned(),
            at_most_days: " 90 ".to_owned(),
            link_hours: "two days".to_owned(),
            password_length: "7".to_owned(),
            ..SignInForm::default()
        };
        let (_, wrong) = form.read();
        let names: Vec<&str> = wrong.into_iter().map(SignInField::as_str).collect();
        let expected = [
            "idle_hours",
            "link_hours",
            "password_length",
            "history_days",
        ];
        assert_eq!(names, expected);
    }
}
