//! The claims of the provider about a person.

use reelroom_domain::{user::PersonName, visible::hides_in_name};
use serde_json::Value;

use super::token::{Payload, list};

/// The longest sign-in name that is taken over, in characters: an account may get a suffix.
const LONGEST_NAME: usize = 56;
/// The methods of authentication (`amr`, RFC 8176) that are, or come with, a second factor. A key (`hwk`) may have
/// been the only one.
const SECOND_FACTORS: [&str; 2] = ["mfa", "otp"];

/// The claims about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claims {
    /// The person's identifier, which never changes.
    pub subject: String,
    /// A sign-in name, which another account may have.
    pub name: String,
    /// The person's name; may be empty.
    pub person: PersonName,
    /// The person's groups.
    pub groups: Vec<String>,
    /// The provider's session; may be empty.
    pub session: String,
    /// Whether a second factor was used.
    pub second_factor: bool,
}

impl Claims {
    /// Whether an ID token has all claims that can also be user info.
    pub fn are_complete(id_token: &Payload, groups_claim: &str) -> bool {
        [groups_claim, "preferred_username"]
            .iter()
            .all(|name| id_token.contains_key(*name))
    }

    /// Reads the claims of an ID token, completed by user info. `None` without a subject, and where user info is
    /// about somebody else.
    pub fn read(mut id_token: Payload, user_info: Payload, groups_claim: &str) -> Option<Self> {
        if !user_info.is_empty() && user_info.get("sub") != id_token.get("sub") {
            return None;
        }
        for (name, value) in user_info {
            id_token.entry(name).or_insert(value);
        }
        let text = |name: &str| {
            id_token
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let subject = Some(text("sub")).filter(|subject| !subject.is_empty())?;
        let names = [text("preferred_username"), text("email"), subject];
        let name = names.into_iter().find_map(usable_name)?;
        let methods = list(id_token.get("amr"));
        Some(Self {
            subject: subject.to_owned(),
            name,
            person: PersonName::parse(&shown(text("name"))).unwrap_or_default(),
            groups: list(id_token.get(groups_claim)),
            session: text("sid").to_owned(),
            second_factor: SECOND_FACTORS
                .iter()
                .any(|factor| methods.iter().any(|method| method == factor)),
        })
    }
}

/// A text without characters that hide or reorder it: with them, people could name themselves so that they are
/// taken for others.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !hides_in_name(*c)).collect()
}

/// A text as a sign-in name, if anything of it can be one.
fn usable_name(text: &str) -> Option<String> {
    let text: String = shown(text).chars().take(LONGEST_NAME).collect();
    let name = text.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn payload(value: Value) -> Payload {
        match value {
            Value::Object(payload) => payload,
            other => panic!("{other}"),
        }
    }

    fn read(id_token: Value, user_info: Value) -> Option<Claims> {
        Claims::read(payload(id_token), payload(user_info), "groups")
    }

    #[test]
    fn user_info_completes_the_token_of_the_same_person() {
        let token = json!({ "sub": "s1", "sid": "a", "amr": ["pwd", "otp"], "groups": "ops" });
        assert!(!Claims::are_complete(&payload(token.clone()), "groups"));
        let info = json!({
            "sub": "s1", "preferred_username": " ada\n", "name": "Ada Lovelace", "groups": ["all"],
        });
        let claims = Claims {
            subject: "s1".to_owned(),
            name: "ada".to_owned(),
            person: PersonName::parse("Ada Lovelace").unwrap(),
            groups: vec!["ops".to_owned()],
            session: "a".to_owned(),
            second_factor: true,
        };
        assert_eq!(read(token.clone(), info), Some(claims));
        assert_eq!(read(token.clone(), json!({ "sub": "s2" })), None);
        assert_eq!(read(token, json!({ "email": "ada@example.com" })), None);
    }

    #[test]
    fn a_person_without_a_name_has_the_one_of_the_subject() {
        for (token, name) in [
            (json!({ "sub": "s1", "preferred_username": "\t " }), "s1"),
            (
                json!({ "sub": "s1", "email": "ada@example.com" }),
                "ada@example.com",
            ),
            (json!({ "sub": "n".repeat(255) }), &*"n".repeat(56)),
            (
                json!({ "sub": "s1", "preferred_username": "\u{202e}a\u{200d}da\u{200b}" }),
                "ada",
            ),
        ] {
            let claims = read(token, json!({})).unwrap();
            assert_eq!(claims.name, name);
            assert_eq!(claims.groups, [""; 0]);
            assert!(!claims.second_factor);
        }
        assert_eq!(read(json!({ "name": "Ada" }), json!({})), None);
        let reordered = json!({ "sub": "s1", "name": "\u{202e}Ada\u{2069} L." });
        let claims = read(reordered, json!({})).unwrap();
        assert_eq!(claims.person, PersonName::parse("Ada L.").unwrap());
        let odd = json!({ "sub": "s1", "groups": ["a", 1, "b"], "amr": "mfa" });
        let claims = read(odd, json!({})).unwrap();
        assert_eq!(claims.groups, ["a", "b"]);
        assert!(claims.second_factor);
        let one = json!({ "sub": "s1", "amr": ["hwk", "user"] });
        assert!(!read(one, json!({})).unwrap().second_factor);
    }
}
