use reelroom_domain::device::DeviceName;

use crate::i18n::Locale;

/// A device, as far as it is known: `Firefox on macOS`.
pub fn device(locale: Locale, device: DeviceName) -> String {
    match (device.browser, device.system) {
        (Some(browser), Some(system)) => say!(locale, me.sessions.on, browser, system),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => say!(locale, me.sessions.unknown).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_as_far_as_it_is_known() {
        let name = |browser, system| {
            let known = DeviceName { browser, system };
            [Locale::en, Locale::zh_CN].map(|locale| device(locale, known))
        };
        let firefox = ["Firefox on macOS", "macOS 上的 Firefox"];
        assert_eq!(name(Some("Firefox"), Some("macOS")), firefox);
        assert_eq!(name(Some("curl"), None), ["curl", "curl"]);
        assert_eq!(name(None, None)[0], "Unknown device");
    }
}
