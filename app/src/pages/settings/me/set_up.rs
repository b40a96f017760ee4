use std::fmt::Write as _;

use leptos::prelude::*;
use qrcode::{Color, QrCode};
use reelroom_service::NewFactor;

use crate::{components::FieldNote, current_app::CurrentApp, paths::escape, this_page::locale};

/// The key for an app, and the field for its first code. `is_wrong`: another code was typed. `is_move`: the
/// account has a second factor already.
pub fn set_up(name: &str, new: &NewFactor, is_wrong: bool, is_move: bool) -> impl IntoView + use<> {
    let locale = locale();
    let (scan, once, submit) = if is_move {
        (
            say!(locale, me.factor.scan_new),
            say!(locale, me.factor.once_moving),
            say!(locale, me.factor.use_new),
        )
    } else {
        (
            say!(locale, me.factor.scan),
            say!(locale, me.factor.once),
            say!(locale, common.action.switch_on),
        )
    };
    let here = CurrentApp::expect().to("/settings/me");
    let wrong = is_wrong.then(|| say!(locale, me.factor.wrong));
    let action = here.clone();
    view! {
        <form class="card" method="post" action=action>
            <input type="hidden" name="step" value="confirm" />
            <input type="hidden" name="sealed" value=new.sealed.clone() />
            <ol class="card-p steps-n">
                <li>
                    <div class="stack">
                        <b>{scan}</b>
                        <div class="two-col">
                            {qr_code(&address(name, &new.key))}
                            <div class="stack">
                                <p class="soft">{say!(locale, me.factor.type_key)}</p>
                                <div class="once"><code>{in_groups(&new.key)}</code></div>
                                <p class="hint">{once}</p>
                            </div>
                        </div>
                    </div>
                </li>
                <li>
                    <div class="stack">
                        <label for="otp"><b>{say!(locale, me.factor.digits)}</b></label>
                        <input
                            class="input otp"
                            id="otp"
                            name="code"
                            inputmode="numeric"
                            autocomplete="one-time-code"
                            maxlength="8"
                            aria-describedby="otp-note"
                            aria-invalid=wrong.map(|_| "true")
                            required
                            autofocus
                        />
                        <FieldNote id="otp-note" wrong=wrong />
                    </div>
                </li>
            </ol>
            <div class="form-f">
                <p class="hint grow">{say!(locale, me.factor.nothing_yet)}</p>
                <a class="btn" href=here>{say!(locale, common.action.cancel)}</a>
                <button class="btn primary">{submit}</button>
            </div>
        </form>
    }
}

/// The address that apps read from a QR code; digits, step and hash are the usual ones.
fn address(name: &str, key: &str) -> String {
    let name = escape(name);
    format!("otpauth://totp/Reelroom:{name}?secret={key}&issuer=Reelroom")
}

/// The key in groups of four, for typing.
fn in_groups(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

/// The QR code of a text, with its margin of four modules; nothing where the text is too long.
fn qr_code(text: &str) -> Option<impl IntoView + use<>> {
    let label = say!(locale(), me.factor.qr);
    let code = QrCode::new(text).ok()?;
    let (width, mut path) = (code.width(), String::new());
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", at % width, at / width);
        }
    }
    let size = width + 8;
    Some(view! {
        <svg class="qr" viewBox=format!("-4 -4 {size} {size}") role="img" aria-label=label>
            <path d=path />
        </svg>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_reads_name_and_key() {
        let read = address("Lin Yue&a", "JBSWY3DP");
        let expected = "otpauth://totp/Reelroom:Lin%20Yue%26a?secret=JBSWY3DP&issuer=Reelroom";
        assert_eq!(read, expected);
        assert_eq!(in_groups("JBSWY3DPEH"), "JBSW Y3DP EH");
    }

    #[test]
    fn the_longest_name_has_a_qr_code() {
        let name = "名".repeat(64);
        assert!(QrCode::new(address(&name, &"A".repeat(32))).is_ok());
    }
}
