//! How likely two recordings of the room get the same name on this day, in words.

use leptos::prelude::*;
use reelroom_domain::naming::{NamingRule, Odds, RoomDay, Within};

use crate::{
    i18n::Locale,
    icon::{Glyph, Icon},
    this_page::locale,
    words,
};

/// The line below the preview, for a rule that can be sent.
pub fn odds_line(rule: Memo<Option<NamingRule>>, day: Signal<RoomDay>) -> impl IntoView {
    let locale = locale();
    let said = Memo::new(move |_| {
        let day = day.get();
        let odds = rule.with(|rule| rule.as_ref().map(|rule| rule.odds(day.expected())));
        odds.map(|odds| (odds_text(locale, odds), often(locale, day)))
    });
    move || {
        let (odds, often) = said.get()?;
        Some(view! {
            <div class="pr odds">
                <span><Icon glyph=Glyph::Copy /> {say!(locale, composer.odds.label)}</span>
                <div class="names">{odds}</div>
                <span>{often}</span>
            </div>
        })
    }
}

fn odds_text(locale: Locale, odds: Odds) -> String {
    match odds {
        Odds::Never => say!(locale, composer.odds.never).to_owned(),
        Odds::OneIn(n) => say!(locale, composer.odds.one_in, n = number(n)),
        Odds::Certain(Within::OneSecond) => say!(locale, composer.odds.one_second).to_owned(),
        Odds::Certain(Within::OneDay) => say!(locale, composer.odds.one_day).to_owned(),
        Odds::Certain(Within::Ever) => say!(locale, composer.odds.ever).to_owned(),
    }
}

/// The number of recordings that the odds are based on.
fn often(locale: Locale, day: RoomDay) -> String {
    match (day.today, day.usual) {
        (0, 0) => say!(locale, composer.odds.first).to_owned(),
        (today, 0) => say!(locale, composer.odds.today, today = today),
        (today, usual) => say!(locale, composer.odds.usual, today = today, usual = usual),
    }
}

/// Two significant digits, then zeros, in groups of three: `320,000`.
fn number(exact: u64) -> String {
    let mut unit = 1;
    while exact / unit >= 100 {
        unit *= 10;
    }
    words::number(exact / unit * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_tell_enough() {
        assert_eq!(number(328_363), "320,000");
        assert_eq!(number(2985), "2,900");
        assert_eq!((number(99), number(1)), ("99".to_owned(), "1".to_owned()));
    }

    #[test]
    fn odds_are_said_in_both_languages() {
        for odds in [
            Odds::Never,
            Odds::Certain(Within::OneSecond),
            Odds::Certain(Within::OneDay),
            Odds::Certain(Within::Ever),
        ] {
            assert_ne!(odds_text(Locale::en, odds), odds_text(Locale::zh_CN, odds));
        }
        assert!(odds_text(Locale::zh_CN, Odds::OneIn(2985)).contains("2,900"));
    }
}
