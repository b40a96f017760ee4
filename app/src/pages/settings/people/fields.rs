//! The fields of an account: role and rights, for a new one and for one that changes.

use leptos::prelude::*;
use reelroom_domain::{
    access::{Right, Rights},
    user::Role,
};
use strum::VariantArray;

use crate::{
    components::{Glyph, Icon},
    i18n::Locale,
    words,
};

/// The choice of a role, with what it does. A fixed role is shown, and posted by a hidden field.
pub fn role_field(locale: Locale, chosen: Role, is_fixed: bool) -> impl IntoView {
    let option = |role: &Role| {
        let word = words::role(locale, *role);
        view! { <option value=role.as_str() selected=*role == chosen>{word}</option> }
    };
    let options = Role::VARIANTS.iter().rev().map(option).collect_view();
    let fixed = is_fixed.then(|| {
        view! { <input type="hidden" name="role" value=chosen.as_str() /> }
    });
    view! {
        <select
            class="select"
            name=(!is_fixed).then_some("role")
            disabled=is_fixed
            aria-label=say!(locale, common.word.role)
            aria-describedby="role-hint"
        >
            {options}
        </select>
        {fixed}
        <p class="hint" id="role-hint">{words::role_text(locale, chosen)}</p>
    }
}

/// A checkbox for each right.
pub fn right_fields(locale: Locale, given: &Rights, is_fixed: bool) -> impl IntoView + use<> {
    let field = |right: &Right| {
        let (word, text) = words::right_label(locale, *right);
        let note = format!("right-{}", right.as_str());
        view! {
            <label>
                <span class="check">
                    <input
                        type="checkbox"
                        name=right.as_str()
                        value="yes"
                        checked=given.has(*right)
                        disabled=is_fixed
                        aria-label=word
                        aria-describedby=note.clone()
                    />
                    <span>
                        <Icon glyph=Glyph::Check />
                    </span>
                </span>
                <span>{word} <small id=note>{text}</small></span>
            </label>
        }
    };
    view! { <div class="lines">{Right::VARIANTS.iter().map(field).collect_view()}</div> }
}
