//! The correlation token, which authenticates an unsigned callback and binds it to its start.
//!
//! Every start sends user data with a member `_reelroom` of the form `<recording id>.<mac>`. The
//! MAC (HMAC-SHA-256 over recording id, app and room) uses a key that never leaves the server, so a
//! callback with a valid one is from the platform.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, Mac};
use reelroom_domain::{
    ids::{AppId, RecordingId},
    room::RoomId,
};
use serde_json::{Map, Value};
use sha2::Sha256;

const MEMBER: &str = "_reelroom";
/// The member that marks a test callback.
const TEST: &str = "_reelroom_test";

/// Creates and verifies tokens.
pub(crate) struct Correlator {
    mac: Hmac<Sha256>,
}

impl Correlator {
    /// A correlator with this key, of any length (HMAC, RFC 2104).
    pub fn new(key: &[u8]) -> Self {
        let key = <Hmac<Sha256> as hmac::digest::KeyInit>::new_from_slice(key);
        // This cannot fail: HMAC accepts keys of every length.
        let mac = key.unwrap_or_else(|_| Hmac::new(&hmac::digest::Key::<Hmac<Sha256>>::default()));
        Self { mac }
    }

    /// The MAC of a text, in hexadecimal.
    fn sign(&self, text: &str) -> String {
        let mac = self.mac.clone().chain_update(text);
        HEXLOWER.encode(&mac.finalize().into_bytes())
    }

    /// Whether `mac` is that of a text; in constant time.
    fn is_signed(&self, text: &str, mac: &str) -> bool {
        let expected = self.mac.clone().chain_update(text);
        let mac = HEXLOWER_PERMISSIVE.decode(mac.as_bytes());
        mac.is_ok_and(|mac| expected.verify_slice(&mac).is_ok())
    }

    /// Adds a token to user data; returns JSON for the platform.
    ///
    /// A JSON object gets one more member. Anything else is wrapped as `{"data": …}`, also an object
    /// that already has that member, so that no user data is overwritten.
    pub fn seal(&self, own: &str, recording: RecordingId, app: AppId, room: &RoomId) -> String {
        let mac = self.sign(&text_of(recording, app, room));
        let mut object = match serde_json::from_str(own) {
            Ok(Value::Object(object)) if !object.contains_key(MEMBER) => object,
            _ if own.is_empty() => Map::new(),
            _ => Map::from_iter([("data".to_owned(), Value::from(own))]),
        };
        object.insert(MEMBER.to_owned(), format!("{recording}.{mac}").into());
        Value::Object(object).to_string()
    }

    /// The app and the recording of the token in user data, if it is one of this server for this room and one of these
    /// apps.
    pub fn token(
        &self,
        user_data: &str,
        room: &RoomId,
        apps: impl IntoIterator<Item = AppId>,
    ) -> Option<(AppId, RecordingId)> {
        let (recording, mac) = signed(user_data, MEMBER)?;
        let recording: RecordingId = recording.parse().ok()?;
        let mut apps = apps.into_iter();
        let app = apps.find(|app| self.is_signed(&text_of(recording, *app, room), &mac))?;
        Some((app, recording))
    }

    /// User data that marks a call as a test.
    pub fn test_mark(&self, nonce: &str) -> String {
        let mac = self.sign(&format!("test {nonce}"));
        serde_json::json!({ TEST: format!("{nonce}.{mac}") }).to_string()
    }

    /// Whether user data marks a call as a test of this server. Authenticated, because the file of a
    /// test is left out of the library.
    pub fn is_test(&self, user_data: &str) -> bool {
        signed(user_data, TEST)
            .is_some_and(|(nonce, mac)| self.is_signed(&format!("test {nonce}"), &mac))
    }

    /// The MAC of a device cookie, in hexadecimal.
    pub fn device_mac(&self, device: &str) -> String {
        self.sign(&format!("device {device}"))
    }

    /// Whether `mac` is that of `device`.
    pub fn is_device(&self, device: &str, mac: &str) -> bool {
        self.is_signed(&format!("device {device}"), mac)
    }
}

/// The text that a token signs. Ids have a fixed length and the room comes last, so two inputs never have the same one.
/// It begins with an id, and so with no label of another use.
fn text_of(recording: RecordingId, app: AppId, room: &RoomId) -> String {
    format!("{recording}{app}{room}")
}

/// What a member of user data says, and its MAC.
fn signed(user_data: &str, member: &str) -> Option<(String, String)> {
    let object: Map<String, Value> = serde_json::from_str(user_data).ok()?;
    let (text, mac) = object.get(member)?.as_str()?.split_once('.')?;
    Some((text.to_owned(), mac.to_owned()))
}

/// The user's own data: without the token, valid or not, and unwrapped. `None` if there was only a
/// token.
pub(crate) fn without_token(user_data: &str) -> Option<String> {
    let Ok(Value::Object(mut object)) = serde_json::from_str(user_data) else {
        return Some(user_data.to_owned());
    };
    if object.shift_remove(MEMBER).is_none() {
        return Some(user_data.to_owned());
    }
    match object.get("data") {
        Some(Value::String(data)) if object.len() == 1 => Some(data.clone()),
        _ if object.is_empty() => None,
        _ => Some(Value::Object(object).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;
    use crate::SharedRng;

    fn case() -> (Correlator, RecordingId, AppId, RoomId) {
        let (rng, now) = (
            SharedRng::from_seed(1),
            Timestamp::from_millis(1_795_365_005_000),
        );
        (
            Correlator::new(b"key"),
            rng.id(now),
            rng.id(now),
            RoomId::new("客服培训").unwrap(),
        )
    }

    #[test]
    fn a_token_is_valid_for_its_app_and_room_only() {
        let (correlator, recording, app, room) = case();
        let another: AppId = "a".repeat(32).parse().unwrap();
        for own in [
            "",
            "plain words",
            r#"{"meeting":"2026-47"}"#,
            "[1,2]",
            r#"{"_reelroom":1}"#,
        ] {
            let sealed = correlator.seal(own, recording, app, &room);
            let apps = [another, app];
            let token = correlator.token(&sealed, &room, apps);
            assert_eq!(token, Some((app, recording)), "{own}");
            assert_eq!(correlator.token(&sealed, &room, [another]), None);
            let elsewhere = RoomId::new("other").unwrap();
            assert_eq!(correlator.token(&sealed, &elsewhere, apps), None);
            assert_eq!(
                Correlator::new(b"another").token(&sealed, &room, apps),
                None
            );
        }
    }

    #[test]
    fn the_users_object_keeps_its_members_and_their_order() {
        let (correlator, recording, app, room) = case();
        let sealed = correlator.seal(r#"{"b":1,"a":[2]}"#, recording, app, &room);
        assert!(
            sealed.starts_with(r#"{"b":1,"a":[2],"_reelroom":"#),
            "{sealed}"
        );
        let wrapped = correlator.seal("it's \"free\" text", recording, app, &room);
        assert!(
            wrapped.starts_with(r#"{"data":"it's \"free\" text","_reelroom":"#),
            "{wrapped}"
        );
    }

    #[test]
    fn only_our_own_test_mark_is_valid() {
        let (correlator, recording, app, room) = case();
        let mark = correlator.test_mark("n1");
        assert!(correlator.is_test(&mark));
        assert_eq!(correlator.token(&mark, &room, [app]), None);
        assert!(!Correlator::new(b"another").is_test(&mark));
        assert!(!correlator.is_test(&mark.replace("n1", "n2")));
        let sealed = correlator.seal("", recording, app, &room);
        for other in ["", "[]", r#"{"_reelroom_test":"n1.00"}"#, &sealed] {
            assert!(!correlator.is_test(other), "{other}");
        }
    }

    #[test]
    fn user_data_is_shown_without_the_token() {
        let (correlator, recording, app, room) = case();
        for data in [
            "plain words",
            r#"{"b":1,"a":[2]}"#,
            "[1,2]",
            r#"{"_reelroom":1}"#,
        ] {
            let sealed = correlator.seal(data, recording, app, &room);
            assert_eq!(without_token(&sealed).as_deref(), Some(data));
        }
        assert_eq!(
            without_token(&correlator.seal("", recording, app, &room)),
            None
        );
        for data in ["", "plain words", r#"{ "data": "x" }"#] {
            assert_eq!(without_token(data).as_deref(), Some(data));
        }
    }

    #[test]
    fn other_text_is_no_token() {
        let (correlator, _, app, room) = case();
        for text in [
            "",
            "null",
            r#"{"_reelroom":7}"#,
            r#"{"_reelroom":"x.y"}"#,
            r#"{"_reelroom":"é"}"#,
        ] {
            assert_eq!(correlator.token(text, &room, [app]), None, "{text}");
        }
    }
}
