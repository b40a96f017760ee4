//! Keys of the storage in a line.

/// How many keys are shown.
const SHOWN: usize = 10;

/// The first of these keys, after their number.
pub(super) fn shown(keys: &[String]) -> String {
    let first = keys.iter().take(SHOWN).map(String::as_str);
    let first: Vec<&str> = first.collect();
    let more = if keys.len() > SHOWN { ", …" } else { "" };
    format!("{}: {}{more}", keys.len(), first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_keys_are_shown_after_their_number() {
        let keys: Vec<String> = (0..11).map(|n| n.to_string()).collect();
        assert_eq!(shown(&keys[..2]), "2: 0, 1");
        assert_eq!(shown(&keys), "11: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …");
    }
}
