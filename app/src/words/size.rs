use crate::i18n::Locale;

/// A size in decimal units: `412 MB`, `1.1 GB`. It has one decimal from a GB on.
pub fn bytes(locale: Locale, bytes: u64) -> String {
    const KILO: u64 = 1000;
    let units = [
        say!(locale, common.bytes.b),
        say!(locale, common.bytes.kb),
        say!(locale, common.bytes.mb),
        say!(locale, common.bytes.gb),
        say!(locale, common.bytes.tb),
    ];
    let mut size = 1;
    let mut index = 0;
    while index + 1 < units.len() && bytes / size >= KILO {
        size *= KILO;
        index += 1;
    }
    let tenths = (u128::from(bytes) * 10 + u128::from(size / 2)) / u128::from(size);
    let small = tenths < 100 && index >= 2;
    let number = if size >= KILO.pow(3) || small {
        format!("{}.{}", tenths / 10, tenths % 10)
    } else {
        (bytes.saturating_add(size / 2) / size).to_string()
    };
    format!("{number} {}", units[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (size, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (58_400, "58 KB"),
            (2_940_000, "2.9 MB"),
            (412_000_000, "412 MB"),
            (1_100_000_000, "1.1 GB"),
            (1_420_000_000_000, "1.4 TB"),
        ] {
            assert_eq!(bytes(Locale::en, size), expected);
        }
        assert_eq!(bytes(Locale::en, u64::MAX), "18446744.1 TB");
    }
}
