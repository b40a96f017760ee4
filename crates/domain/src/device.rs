//! The device of a browser, read from its `User-Agent`.

/// Parts of a `User-Agent`, and the browsers that send them. The first match counts, since most browsers name
/// others, too.
const BROWSERS: [(&str, &str); 13] = [
    ("MicroMessenger/", "WeChat"),
    ("DingTalk/", "DingTalk"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python-requests/", "Python"),
];

/// Parts of a `User-Agent`, and the systems that send them.
const SYSTEMS: [(&str, &str); 9] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// A browser and its system: Firefox on macOS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceName {
    /// The browser; `None` if it is unknown.
    pub browser: Option<&'static str>,
    /// The system; `None` if it is unknown.
    pub system: Option<&'static str>,
}

impl DeviceName {
    /// Reads a `User-Agent`.
    pub fn of(agent: &str) -> Self {
        let first = |marks: &[(&str, &'static str)]| {
            let found = marks.iter().find(|(mark, _)| agent.contains(mark));
            found.map(|(_, name)| *name)
        };
        Self {
            browser: first(&BROWSERS),
            system: first(&SYSTEMS),
        }
    }

    /// Whether it is a phone or a tablet.
    pub fn is_handheld(&self) -> bool {
        matches!(
            self.system,
            Some("iPhone" | "iPad" | "HarmonyOS" | "Android")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_browsers_have_names() {
        const WEBKIT: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (agent, browser, system) in [
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0",
                Some("Firefox"),
                Some("macOS"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
                 like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                Some("Safari"),
                Some("iPhone"),
            ),
            (
                &format!(
                    "Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/131.0.0.0 Safari/537.36"
                ),
                Some("Chrome"),
                Some("Linux"),
            ),
            (
                &format!(
                    "Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/131.0 Safari/537.36 Edg/131.0"
                ),
                Some("Edge"),
                Some("Windows"),
            ),
            (
                &format!(
                    "Mozilla/5.0 (Linux; Android 14) {WEBKIT} Chrome/131.0 MicroMessenger/8.0"
                ),
                Some("WeChat"),
                Some("Android"),
            ),
            ("curl/8.5.0", Some("curl"), None),
            ("", None, None),
        ] {
            let device = DeviceName::of(agent);
            assert_eq!(device, DeviceName { browser, system }, "{agent}");
            let handheld = matches!(system, Some("iPhone" | "Android"));
            assert_eq!(device.is_handheld(), handheld, "{agent}");
        }
    }
}
