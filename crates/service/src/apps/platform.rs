//! An app as others know it: the platform's client, and people.

use reelroom_anyrtc::{Dialect, client};
use reelroom_store::apps::App;
use url::Url;

/// The platform's zone; UTC where its name is not known.
pub(crate) fn zone(app: &App) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(&app.zone).unwrap_or(jiff::tz::TimeZone::UTC)
}

/// The app for the platform's client; `None` if its address or dialect is invalid.
pub(crate) fn platform(app: &App) -> Option<client::App> {
    Some(client::App {
        app_id: app.app_id.clone(),
        api_base: Url::parse(&app.api_base).ok()?,
        dialect: Dialect {
            method: app.method.parse().ok()?,
            encoding: app.encoding.parse().ok()?,
        },
    })
}

/// The first and the last letters of an AppID: `anyrtc··7f3c`.
pub(crate) fn masked(app_id: &str) -> String {
    let letters: Vec<char> = app_id.chars().collect();
    let (rest, tail) = letters.split_at(letters.len().saturating_sub(4));
    let shown = if letters.len() >= 12 { 6 } else { 2 };
    let head: String = rest.iter().take(shown).collect();
    let tail: String = tail.iter().collect();
    format!("{head}··{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_id_keeps_its_ends_only() {
        assert_eq!(masked("anyrtcU1Gi0lZf7f3c"), "anyrtc··7f3c");
        assert_eq!(masked("sandbox"), "sa··dbox");
        assert_eq!(masked("abc"), "··abc");
        assert_eq!(masked(""), "··");
    }
}
