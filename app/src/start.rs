//! The language and theme, as spelled in cookies, headers and attributes.

use strum::{EnumString, IntoStaticStr};

use crate::i18n::Locale;

/// A colour theme: light, dark, or the system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Theme {
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// The system's theme.
    #[default]
    System,
}

impl Theme {
    /// Every theme, in the order of the choice.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in the cookie and on `<html data-theme>`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The theme of that name, or the system's for any other text.
    pub fn parse(text: &str) -> Self {
        text.parse().unwrap_or_default()
    }

    /// The next theme, for a button that cycles through all.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// The names of the cookies that hold a choice. They are not secret: scripts read and set them.
pub mod cookie {
    use reelroom_domain::account::Preferences;

    /// The language.
    pub const LANGUAGE: &str = "lang";
    /// The app of the page that was opened last, as our id.
    pub const APP: &str = "app";
    /// The theme.
    pub const THEME: &str = "theme";
    /// The zone of the device, set by `zone.js`.
    pub const ZONE: &str = "tz";
    /// The zone that the account has chosen, which overrides that of the device.
    pub const CHOSEN_ZONE: &str = "zone";

    /// The `Set-Cookie` value that keeps a choice for a year.
    pub fn set_cookie(name: &str, value: &str) -> String {
        format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax")
    }

    /// The `Set-Cookie` value that removes a choice.
    pub fn drop_cookie(name: &str) -> String {
        format!("{name}=; Path=/; Max-Age=0; SameSite=Lax")
    }

    /// The `Set-Cookie` values of an account's preferences, for its new session. They drop the zone of another
    /// account.
    pub fn of_account(chosen: &Preferences) -> Vec<String> {
        let kept = [
            (LANGUAGE, &chosen.language),
            (THEME, &chosen.theme),
            (CHOSEN_ZONE, &chosen.zone),
        ];
        let kept = kept.into_iter().filter_map(|(name, choice)| {
            let choice = choice.as_ref()?;
            Some(set_cookie(name, choice.as_str()))
        });
        let dropped = chosen.zone.is_none().then(|| drop_cookie(CHOSEN_ZONE));
        kept.chain(dropped).collect()
    }
}

/// The tag of a language, as in `<html lang>` and in the cookie.
pub fn language_tag(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en",
        Locale::zh_CN => "zh-CN",
    }
}

/// The language of a tag, if supported: `zh`, `zh-CN`, `zh-Hans-SG` … are Chinese.
pub fn locale_of(tag: &str) -> Option<Locale> {
    match tag.split(['-', '_']).next()? {
        primary if primary.eq_ignore_ascii_case("zh") => Some(Locale::zh_CN),
        primary if primary.eq_ignore_ascii_case("en") => Some(Locale::en),
        _ => None,
    }
}

/// The best language for an `Accept-Language` header (RFC 9110 §12.5.4); English if none matches.
pub fn accepted_locale(header: &str) -> Locale {
    let mut best = (0.0_f32, Locale::en);
    for part in header.split(',') {
        let mut pieces = part.split(';');
        let tag = pieces.next().unwrap_or_default().trim();
        let weight = pieces
            .find_map(|piece| piece.trim().strip_prefix("q="))
            .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
        if let Some(locale) = locale_of(tag)
            && weight > best.0
        {
            best = (weight, locale);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_that_we_speak_wins() {
        for (header, expected) in [
            ("", Locale::en),
            ("de-DE,fr;q=0.8", Locale::en),
            ("zh-CN,zh;q=0.9,en;q=0.8", Locale::zh_CN),
            ("en;q=0.5, zh-Hans;q=0.9", Locale::zh_CN),
            ("en-GB, zh;q=0.9", Locale::en),
            ("zh;q=nonsense", Locale::en),
        ] {
            assert_eq!(accepted_locale(header), expected, "{header}");
        }
    }

    #[test]
    fn themes_go_round() {
        for theme in Theme::ALL {
            assert_eq!(Theme::parse(theme.as_str()), theme);
            assert_eq!(theme.next().next().next(), theme);
        }
        assert_eq!(Theme::parse("pink"), Theme::System);
    }
}
