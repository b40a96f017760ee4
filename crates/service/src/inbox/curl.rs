//! A call as a shell command.

use data_encoding::BASE64;
use reelroom_domain::visible::hides;

/// The largest body of a command, in bytes.
pub(crate) const LARGEST: usize = 64 * 1024;

/// A command that posts exactly the bytes of `body` to `url`. Control characters and invisible text
/// are encoded as base64. `None` if the body is larger than [`LARGEST`].
pub(crate) fn curl(url: &str, content_type: Option<&str>, body: &[u8]) -> Option<String> {
    if body.len() > LARGEST {
        return None;
    }
    let send = match std::str::from_utf8(body) {
        Ok(text) if text.chars().all(|c| c == '\n' || !hides(c)) => {
            format!("printf %s {}", quoted(text))
        }
        _ => format!("printf %s {} | base64 -d", quoted(&BASE64.encode(body))),
    };
    let header = content_type
        .filter(|kind| !kind.chars().any(hides))
        .map_or_else(
            // Without it, curl adds a content type of its own.
            || "content-type;".to_owned(),
            |kind| format!("content-type: {kind}"),
        );
    Some(format!(
        "{send} |\n  curl --data-binary @- -H {} {}",
        quoted(&header),
        quoted(url)
    ))
}

/// Quotes a word for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::{io::Write, process::Command};

    use super::*;

    /// The output of the command before `curl`.
    fn sent(body: &[u8]) -> Vec<u8> {
        let command = curl("http://x", None, body).unwrap();
        let (send, _) = command.split_once(" |\n  curl").unwrap();
        let output = Command::new("sh").args(["-c", send]).output().unwrap();
        assert!(output.stderr.is_empty(), "{output:?}");
        output.stdout
    }

    #[test]
    fn a_shell_sends_every_byte() {
        let all: Vec<u8> = (0..=255).collect();
        for body in [
            &b""[..],
            b"{\"a\":\"it's %s $(id) `id` \\ \\n !\"}",
            b"two\nlines\n",
            b"'; rm -rf / #",
            "客服 \u{202e} x".as_bytes(),
            b"-n",
            &all,
        ] {
            assert_eq!(sent(body), body, "{body:?}");
        }
        std::io::stdout().flush().unwrap();
    }

    #[test]
    fn invisible_characters_are_encoded() {
        for body in [&b"\x1b[2J"[..], b"\0", "\u{202e}".as_bytes(), b"\xff"] {
            let command = curl("http://x", None, body).unwrap();
            assert!(command.chars().all(|c| c == '\n' || !hides(c)), "{command}");
            assert!(command.contains("base64 -d"));
        }
        assert!(curl("http://x", None, &vec![b'a'; LARGEST + 1]).is_none());
    }

    #[test]
    fn the_rest_of_the_command_is_quoted_too() {
        assert_eq!(
            curl("http://x/••••/AR", Some("text/it's"), b"{}").unwrap(),
            "printf %s '{}' |\n  curl --data-binary @- -H 'content-type: text/it'\\''s' 'http://x/••••/AR'"
        );
    }
}
