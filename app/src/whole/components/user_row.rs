use leptos::prelude::*;
use reelroom_domain::{user::Role, view::Shell};

use super::{Glyph, Icon, LanguageSwitch, ThemeSwitch};
use crate::{
    i18n::{t_string, use_i18n},
    server_fns::SignOut,
    whole::action::action,
};

/// Who is signed in, with language, theme and the way out.
#[component]
pub fn UserRow(
    /// Who.
    shell: Signal<Shell>,
) -> impl IntoView {
    let i18n = use_i18n();
    let sign_out = action::<SignOut>();
    let role = move || match shell.with(|shell| shell.me.role) {
        Role::Viewer => t_string!(i18n, common.me.viewer),
        Role::Operator => t_string!(i18n, common.me.operator),
        Role::Admin => t_string!(i18n, common.me.admin),
    };
    view! {
        <div class="me">
            <span class="who" title=role>
                <span class="av" aria-hidden="true">
                    {move || shell.with(|shell| initials(&shell.me.name))}
                </span>
                <span class="trunc">{move || shell.with(|shell| shell.me.name.clone())}</span>
            </span>
            <LanguageSwitch />
            <ThemeSwitch />
            <ActionForm action=sign_out>
                <button
                    class="btn quiet icon"
                    aria-label=told!(i18n, common.me.sign_out)
                    title=told!(i18n, common.me.sign_out)
                >
                    <Icon glyph=Glyph::Signout />
                </button>
            </ActionForm>
        </div>
    }
}

/// Two letters that tell people apart: the last two digits of `u1001`, else the first two letters.
pub fn initials(name: &str) -> String {
    let letters: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let numbered = letters.len() > 2
        && letters[letters.len() - 2..]
            .iter()
            .all(char::is_ascii_digit);
    let two = if numbered {
        &letters[letters.len() - 2..]
    } else {
        &letters[..letters.len().min(2)]
    };
    two.iter().collect::<String>().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_tell_people_apart() {
        for (name, expected) in [
            ("u1001", "01"),
            ("ann", "AN"),
            ("", ""),
            ("李雷", "李雷"),
            ("x", "X"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
