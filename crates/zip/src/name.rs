//! Names of files and folders that every system can unpack.

use std::collections::{HashMap, HashSet};

/// The limit of a name in bytes, below the 255 of file systems, with room for a number.
const LONGEST: usize = 200;
/// The limit of an extension in bytes, with its dot.
const LONGEST_EXTENSION: usize = 16;

/// `name` as a name that Windows, macOS and Linux allow, of at most 201 bytes. Separators, control
/// characters, those that Windows forbids, and those that reorder text become `_`; dots and spaces at the
/// end are removed; a name of a device (`NUL.txt`) gets a `_` in front.
pub fn safe_name(name: &str) -> String {
    let is_forbidden = |c: char| {
        c.is_control()
            || is_bidi_control(c)
            || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
    };
    let name = name.replace(is_forbidden, "_");
    let (stem, extension) = split(trim(&name));
    let cut = stem.floor_char_boundary(LONGEST - extension.len());
    let name = format!("{}{extension}", &stem[..cut]);
    let name = trim(&name);
    if name.is_empty() {
        "_".to_owned()
    } else if is_device(name) {
        format!("_{name}")
    } else {
        name.to_owned()
    }
}

/// Whether Unicode has the character as `Bidi_Control` (UAX #9): with one, `a[RLO]4pm.exe` is shown as `aexe.mp4`.
const fn is_bidi_control(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

fn trim(name: &str) -> &str {
    name.trim_end_matches(['.', ' '])
}

/// The name without its extension, and the extension with its dot, which may be empty.
fn split(name: &str) -> (&str, &str) {
    let dot = name.rfind('.');
    let dot = dot.filter(|dot| *dot > 0 && name.len() - dot <= LONGEST_EXTENSION);
    name.split_at(dot.unwrap_or(name.len()))
}

/// Whether Windows takes the name for a device, which it does with any extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim_end().to_ascii_uppercase();
    if let Some(number) = ["COM", "LPT"]
        .into_iter()
        .find_map(|port| stem.strip_prefix(port))
    {
        let mut digits = number.chars();
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³');
        return digits.next().is_some_and(is_number) && digits.next().is_none();
    }
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str())
}

/// Gives names that are safe and unique without regard to case, as in a folder of Windows or macOS.
#[derive(Debug, Default)]
pub struct UniqueNames {
    /// The given names in lower case.
    given: HashSet<String>,
    /// The last number of each name in lower case.
    numbers: HashMap<String, u32>,
}

impl UniqueNames {
    /// `name` made safe; where it is given already, with a number before its extension: `a (2).mp4`.
    pub fn add(&mut self, name: &str) -> String {
        let name = safe_name(name);
        if self.given.insert(name.to_lowercase()) {
            return name;
        }
        let (stem, extension) = split(&name);
        let number = self.numbers.entry(name.to_lowercase()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{stem} ({number}){extension}");
            if self.given.insert(numbered.to_lowercase()) {
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forbidden_names_are_changed() {
        for (name, safe) in [
            ("ar_客服_20261122.mp4", "ar_客服_20261122.mp4"),
            ("../../etc/passwd", ".._.._etc_passwd"),
            ("a\\b:c*d?e\"f<g>h|i", "a_b_c_d_e_f_g_h_i"),
            ("a\r\n\u{0}\u{7f}\u{85}b", "a_____b"),
            ("a\u{202e}4pm.exe", "a_4pm.exe"),
            ("\u{2066}a\u{2069}\u{61c}.mp4", "_a__.mp4"),
            ("", "_"),
            (".", "_"),
            ("..", "_"),
            (" . . ", "_"),
            ("a.mp4. .", "a.mp4"),
            (".hidden", ".hidden"),
            ("nul", "_nul"),
            ("NUL .tar.gz", "_NUL .tar.gz"),
            ("com1.mp4", "_com1.mp4"),
            ("LPT³", "_LPT³"),
            ("com10.mp4", "com10.mp4"),
            ("COM", "COM"),
            ("console.mp4", "console.mp4"),
            ("CONIN$.txt", "_CONIN$.txt"),
        ] {
            assert_eq!(safe_name(name), safe, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = safe_name(&format!("{}.mp4", "客".repeat(300)));
        assert_eq!(name, format!("{}.mp4", "客".repeat(65)));
        assert_eq!(safe_name(&"x".repeat(300)).len(), LONGEST);
        assert_eq!(safe_name(&format!("a.{}", "x".repeat(300))).len(), LONGEST);
        assert_eq!(safe_name(&format!("{}x", " ".repeat(300))), "_");
    }

    #[test]
    fn equal_names_get_numbers() {
        let mut names = UniqueNames::default();
        let given = [
            "a.mp4",
            "A.MP4",
            "a (3).mp4",
            "a.mp4",
            "a.mp4",
            "é",
            "É",
            "b",
        ];
        let given = given.map(|name| names.add(name));
        let unique = [
            "a.mp4",
            "A (2).MP4",
            "a (3).mp4",
            "a (4).mp4",
            "a (5).mp4",
            "é",
            "É (2)",
            "b",
        ];
        assert_eq!(given, unique);
    }

    proptest! {
        #[test]
        fn any_name_becomes_safe_and_unique(
            names in prop::collection::vec("(\\.|/|\\\\| |:|nul|COM1|a|\u{1}|客|\\PC){0,80}", 1..20)
        ) {
            let mut unique = UniqueNames::default();
            let mut given = HashSet::new();
            for name in &names {
                let name = unique.add(name);
                prop_assert!(!name.is_empty() && name.len() < 230);
                prop_assert!(!name.contains(|c: char| c.is_control() || "/\\:*?\"<>|".contains(c)));
                prop_assert!(!name.ends_with(['.', ' ']));
                prop_assert!(!is_device(&name), "{}", name);
                prop_assert!(given.insert(name.to_lowercase()));
            }
        }
    }
}
