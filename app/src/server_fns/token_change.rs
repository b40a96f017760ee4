//! Parses the change to the video list token in a plain form.

use reelroom_service::{Secret, TokenChange};

/// Any `drop` removes the token. Else a typed token replaces it, and an empty field keeps it.
pub fn token_change(typed: &str, drop: &str) -> TokenChange {
    match typed.trim() {
        _ if !drop.is_empty() => TokenChange::Remove,
        "" => TokenChange::Keep,
        typed => TokenChange::Set(Secret::new(typed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_replaced_or_removed() {
        assert_eq!(token_change(" ", ""), TokenChange::Keep);
        let set = TokenChange::Set(Secret::new("new"));
        assert_eq!(token_change(" new\n", ""), set);
        assert_eq!(token_change("new", "yes"), TokenChange::Remove);
    }
}
