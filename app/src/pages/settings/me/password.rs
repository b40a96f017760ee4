use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::account::MyAccount;

use super::field::sentence;
use crate::{
    components::{PasswordField, form_error, time},
    form::failed,
    i18n::td,
    pages::settings::{form::saved, section_head::section_head},
    server_fns::MyPassword,
    this_page::locale,
};

/// The form for a new password; `None` for an account without one.
pub fn password(account: &MyAccount) -> Option<impl IntoView + use<>> {
    let set_at = account.password_at?;
    let locale = locale();
    let error = failed::<MyPassword>();
    let wrong = |field: &str| {
        let mut codes = error.as_ref()?.problems_of(field);
        codes.find_map(|code| sentence(locale, code))
    };
    let [present, new, again] = ["password", "new", "again"].map(wrong);
    let other = form_error::<MyPassword>();
    let text = td!(locale, me.password.text, time = time(set_at));
    let hint = say!(locale, me.password.hint, n = account.rules.password_length);
    Some(view! {
        <section class="set-s" aria-labelledby="password-h">
            {section_head("password-h", say!(locale, common.word.password), text)}
            <div>
                // Loads the whole page: the session has another id then.
                <form class="card" method="post" action=MyPassword::url() data-turbo="false">
                    <div class="form">
                        {other.map(|note| view! { <div class="s6">{note}</div> })}
                        <PasswordField
                            label=say!(locale, me.password.present)
                            wrong=present
                            class="field half"
                        />
                        <PasswordField
                            id="new-password"
                            name="new"
                            label=say!(locale, me.password.next)
                            wrong=new
                            is_new=true
                        />
                        <PasswordField
                            id="new-again"
                            name="again"
                            label=say!(locale, me.password.again)
                            wrong=again
                            is_new=true
                        />
                        <p class="hint s6" id="new-hint">{hint}</p>
                    </div>
                    <div class="form-f">
                        {saved("password", say!(locale, me.password.changed))}
                        <p class="hint grow">{say!(locale, me.password.forgotten)}</p>
                        <button class="btn primary">{say!(locale, me.password.change)}</button>
                    </div>
                </form>
            </div>
        </section>
    })
}
